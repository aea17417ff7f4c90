using System.CommandLine;

namespace Acceleration.Tool;

/// <summary>What a single file's network predicts, where the file does not say.</summary>
internal static class PredictsOption
{
    public static Option<string?> Make() => new("--predicts") { Description = "What a single file's network predicts, where the file does not say: epsilon or velocity." };

    /// <exception cref="ToolException">It is neither.</exception>
    public static PredictionType? Read(string? text) => text switch
    {
        null => null,
        "epsilon" => PredictionType.Epsilon,
        "velocity" => PredictionType.Velocity,
        _ => throw new ToolException($"--predicts takes epsilon or velocity, not '{text}'."),
    };
}
