using static TorchSharp.torch;

namespace Acceleration.Tool;

/// <summary>What fits have in common: the file they write and the trajectories they see.</summary>
internal static class FitTrajectories
{
    /// <summary>Proves that the plan can be written, before minutes are spent on it.</summary>
    public static void RequireFile(string file)
    {
        if (!file.EndsWith(".json", StringComparison.Ordinal) || Directory.Exists(file))
        {
            throw new ToolException($"--output '{file}': a plan is a file whose name ends in .json.");
        }

        OutputFolder.Require(Path.GetDirectoryName(Path.GetFullPath(file))!);
    }

    /// <summary>The labels that were asked for, or all classes.</summary>
    /// <exception cref="ToolException">It has none, or not these.</exception>
    public static long[] Classes(IDenoiser network, long[]? labels) =>
        labels is { Length: > 0 } || network.Info.Classes == 0 ? LabelsOption.For(network, labels) : [.. Enumerable.Range(0, network.Info.Classes).Select(i => (long)i)];

    /// <summary>Samples trajectories batch by batch, classes in turn.</summary>
    public static void Record(Terminal terminal, FitSettings wanted, long[] classes, Action<SamplingRequest> record)
    {
        using var bar = new StepBar(terminal, "sampling", (wanted.Trajectories + wanted.Batch - 1) / wanted.Batch);
        for (var first = 0; first < wanted.Trajectories; first += wanted.Batch)
        {
            using var scope = NewDisposeScope();
            var count = Math.Min(wanted.Batch, wanted.Trajectories - first);
            using var condition = Conditioning.Labels([.. Enumerable.Range(first, count).Select(i => classes[i % classes.Length])]);
            record(new() { Condition = condition, Seed = wanted.Seed + first });
            bar.Step();
        }
    }
}
