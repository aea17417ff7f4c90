using System.Runtime.InteropServices;
using Acceleration.Onnx.Schema;
using Google.Protobuf;

namespace Acceleration.Tests.Onnx;

/// <summary>A model of float32 in half precision, as it would be exported.</summary>
internal static class NarrowModel
{
    /// <summary>Changes weights, inputs, outputs and conversions.</summary>
    /// <param name="model">The model.</param>
    /// <param name="type"><see cref="TinyGraph.Half"/> or <see cref="TinyGraph.BFloat16"/>.</param>
    public static void Make(ModelProto model, int type)
    {
        foreach (var weight in model.Graph.Initializer.Concat(model.Graph.Node.SelectMany(n => n.Attribute).Select(a => a.T).OfType<TensorProto>()).Where(t => t.DataType == TinyGraph.Float))
        {
            float[] values = weight.FloatData.Count > 0 ? [.. weight.FloatData] : MemoryMarshal.Cast<byte, float>(weight.RawData.Span).ToArray();
            weight.FloatData.Clear();
            weight.DataType = type;
            weight.RawData = ByteString.CopyFrom(MemoryMarshal.AsBytes<ushort>([.. values.Select(v => Bits(v, type))]));
        }

        foreach (var declared in model.Graph.Input.Concat(model.Graph.Output).Select(v => v.Type.TensorType).Where(t => t.ElemType == TinyGraph.Float))
        {
            declared.ElemType = type;
        }

        foreach (var to in model.Graph.Node.Where(n => n.OpType == "Cast").SelectMany(n => n.Attribute).Where(a => a.I == TinyGraph.Float))
        {
            to.I = type;
        }

        model.Graph.ValueInfo.Clear();
    }

    /// <summary>Sines and cosines in float32 as PyTorch computes timestep embeddings, with conversions around them.</summary>
    public static void WidenWaves(ModelProto model, int type)
    {
        foreach (var wave in model.Graph.Node.Where(n => n.OpType is "Sin" or "Cos").ToArray())
        {
            var (input, output) = (wave.Input[0], wave.Output[0]);
            (wave.Input[0], wave.Output[0]) = ($"{output}.given", $"{output}.made");
            model.Graph.Node.Insert(model.Graph.Node.IndexOf(wave), TinyGraph.Cast($"{output}.given", input, TinyGraph.Float));
            model.Graph.Node.Insert(model.Graph.Node.IndexOf(wave) + 1, TinyGraph.Cast(output, $"{output}.made", type));
        }
    }

    private static ushort Bits(float value, int type) => type == TinyGraph.Half ? BitConverter.HalfToUInt16Bits((Half)value) : (ushort)(BitConverter.SingleToUInt32Bits(value) >> 16);
}
