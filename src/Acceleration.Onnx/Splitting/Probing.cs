using Acceleration.Onnx.Schema;
using static TorchSharp.torch;

namespace Acceleration.Onnx;

/// <summary>Probing calls of a model.</summary>
/// <param name="file">The model's file, for messages.</param>
/// <param name="model">The model.</param>
/// <param name="graph">Its graph.</param>
/// <param name="folder">Where files of weights lie that it names.</param>
/// <param name="info">What it is.</param>
/// <param name="signature">What its inputs are given.</param>
internal sealed class Probing(string file, ModelProto model, GraphIndex graph, string folder, DenoiserInfo info, ModelSignature signature)
{
    /// <summary>Two calls of the usual size, with as many rows as the model takes where that is fixed.</summary>
    /// <exception cref="OnnxException">ONNX Runtime refuses them.</exception>
    public ProbedCall[] Usual() => [Call(info.SampleSize, Rows(ProbedSizes.Rows)), Call(info.SampleSize, Rows(ProbedSizes.OtherRows))];

    /// <summary>A call of another size.</summary>
    /// <exception cref="OnnxException">ONNX Runtime refuses it: the model does not take that size.</exception>
    public ProbedCall Of(IReadOnlyList<long> size) => Call(size, Rows(ProbedSizes.Rows));

    private int Rows(int free) => signature.FixedRows > 0 ? signature.FixedRows : free;

    private ProbedCall Call(IReadOnlyList<long> size, int rows)
    {
        using var scope = NewDisposeScope();
        using var condition = ProbeInputs.Condition(info, rows);
        var tensors = signature.Call(randn([rows, .. size], dtype: info.DType), KeptScalars.Full([rows], 0.5, ScalarType.Float32, CPU), condition);
        var values = SizeProbe.Run(file, model, folder, graph, [.. signature.Names.Select((n, i) => (n, tensors[i].cpu()))]);
        return new(rows, info.Layout(size), info.TextTokens(condition), values);
    }
}
