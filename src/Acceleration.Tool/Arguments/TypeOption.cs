using System.CommandLine;
using Acceleration.Models;
using Acceleration.Onnx;
using Acceleration.Reporting;
using static TorchSharp.torch;

namespace Acceleration.Tool;

/// <summary>The element type in which a network computes.</summary>
internal static class TypeOption
{
    private const string Auto = "auto";

    public static Option<string> Make(string usual)
    {
        var option = new Option<string>("--dtype") { Description = $"float32, bfloat16, or auto for whichever is faster here, which is float32 for whole models (default {usual}).", DefaultValueFactory = _ => usual };
        return option.AcceptOnlyFromAmong("float32", "bfloat16", Auto);
    }

    /// <summary>What was asked for. An ONNX model has a type of its own, which is not measured against the default.</summary>
    public static string Read(ParseResult parsed, Option<string> option, OnnxOptions? onnx) =>
        onnx is not null && parsed.GetResult(option) is null or { Implicit: true } ? Auto : parsed.GetValue(option)!;

    /// <summary>Loads a network.</summary>
    /// <param name="path">The checkpoint, or an ONNX model.</param>
    /// <param name="dtype">What the option says.</param>
    /// <param name="onnx">How an ONNX model is loaded; null for a checkpoint.</param>
    /// <exception cref="CheckpointException">It is missing, malformed, or no network that is known.</exception>
    /// <exception cref="OnnxException">The same of an ONNX model.</exception>
    public static (IDenoiser Network, ScalarType DType) Load(string path, string dtype, OnnxOptions? onnx)
    {
        if (onnx is not null)
        {
            return OnnxNetwork.Load(path, onnx, dtype == Auto ? null : dtype);
        }

        // Before anything is timed, because an unreadable file should be reported at once.
        Checkpoint.Open(path).Dispose();
        IDenoiser Network(ScalarType type) => Networks.Load(path, new NetworkOptions { DType = type });
        var type = dtype == Auto ? Faster() : dtype == "float32" ? ScalarType.Float32 : ScalarType.BFloat16;
        return (Network(type), type);

        ScalarType Faster()
        {
            using (var network = Network(ScalarType.Float32))
            {
                // Only what is sampled by labels can be timed by them.
                LabelsOption.For(network, null);
            }

            return FasterType.Of(Network);
        }
    }
}
