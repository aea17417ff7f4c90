using Acceleration.Models;

namespace Acceleration.Tool;

/// <summary>What <c>inspect</c> found in a file.</summary>
internal sealed record Inspection
{
    public int Schema { get; init; } = 1;

    public required string File { get; init; }

    public required IReadOnlyDictionary<string, string> Metadata { get; init; }

    public required IReadOnlyList<TensorLine> Tensors { get; init; }

    /// <summary>Bytes of all tensors.</summary>
    public required long Bytes { get; init; }

    /// <summary>The network that the file holds; null where none is recognised.</summary>
    public string? Architecture { get; init; }

    /// <summary>What is known of the architecture, or why none is recognised.</summary>
    public required string About { get; init; }

    /// <summary>Whether <c>verify</c> knows the file; null where it is no golden file.</summary>
    public string? Golden { get; init; }

    public IReadOnlyList<SiteLine> Sites { get; init; } = [];

    public IReadOnlyList<StrategyLine> Strategies { get; init; } = [];

    /// <exception cref="CheckpointException">The file is missing or malformed.</exception>
    public static Inspection Of(string path)
    {
        using var file = Checkpoint.Open(path);
        var plain = new Inspection
        {
            File = path,
            Metadata = file.Metadata,
            Tensors = [.. file.Tensors.Values.OrderBy(t => t.Name, StringComparer.Ordinal).Select(t => new TensorLine(t.Name, t.DType.ToString(), t.Shape, t.Bytes, 1))],
            Bytes = file.Tensors.Values.Sum(t => t.Bytes),
            About = "",
            Golden = file.Metadata.ContainsKey("kind") ? GoldenOf(file.FilePath) : null,
        };
        try
        {
            using var network = Networks.Load(path);
            return plain with
            {
                Architecture = network.GetType().Name,
                About = Describe(network.Info),
                Sites = SiteLine.Of(network.Info),
                Strategies = StrategySurvey.Of(network),
            };
        }
        catch (CheckpointException e)
        {
            return plain with { About = $"not recognised: {e.Message}" };
        }
    }

    private static string GoldenOf(string path)
    {
        using var file = GoldenFile.Open(path);
        try
        {
            var check = Checks.For(file);
            return $"golden file of kind '{file.Kind}'; 'acceleration verify' knows it ({check.Knows})";
        }
        catch (NotKnownException e)
        {
            return $"golden file, but {e.Message}";
        }
    }

    /// <summary>What is known of a network, in a line.</summary>
    public static string Describe(DenoiserInfo info) =>
        $"latents {string.Join('×', info.SampleSize)}, patch {info.Patch}, {SiteLine.Tokens(info)} tokens{(info.TextTokens() is > 0 and var text ? $" and {text} of a text of usual length" : "")}, {(info.Classes > 0 ? $"{info.Classes} classes, " : "")}predicts {info.Prediction.ToString().ToLowerInvariant()}"
        + $"{(info.LearnedVariance ? " and variance" : "")}, {Guidance(info)}{(info.Noise is { } noise ? $", {noise.TrainSteps} training steps" : "")}{(info.Conditions.Count > 0 ? $"; reads {string.Join(", ", info.Conditions)}" : "")}";

    private static string Guidance(DenoiserInfo info) =>
        info.Unconditional is not null ? "null class for guidance" : info.NegativeComesWithRequest ? "guidance by a negative prompt" : "nothing to guide away from, so no guidance";
}
