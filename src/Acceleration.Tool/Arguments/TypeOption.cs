using System.CommandLine;
using Acceleration.Models;
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

    /// <summary>Loads a network.</summary>
    /// <param name="path">The checkpoint.</param>
    /// <param name="dtype">What the option says.</param>
    /// <exception cref="CheckpointException">It is missing, malformed, or no network that is known.</exception>
    public static (IDenoiser Network, ScalarType DType) Load(string path, string dtype)
    {
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
                LabelsOption.For(network.Info, null);
            }

            return FasterType.Of(Network);
        }
    }
}
