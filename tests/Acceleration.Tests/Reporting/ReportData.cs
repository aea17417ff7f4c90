using Acceleration.Reporting;

namespace Acceleration.Tests.Reporting;

/// <summary>Reports made up for tests of what is made of them.</summary>
internal static class ReportData
{
    /// <summary>A baseline of 4 steps, a strategy that beats its control and one that does not, and two controls.</summary>
    public static ComparisonReport Report() => new()
    {
        Title = "Made-up & <odd>",
        Network = "toy",
        Started = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero),
        TotalSeconds = 75,
        Sweeps = 3,
        WarmUpSteps = 2,
        Seed = 7,
        Pixels = new(-1, 1),
        Machine = new()
        {
            Processor = "Imaginary 1",
            LogicalProcessors = 2,
            TorchThreads = 2,
            MemoryBytes = 8L << 30,
            System = "System",
            Runtime = "Runtime",
            Torch = "2",
            Device = "cpu, Float32",
        },
        WantedClasses = [0, 1],
        Rows =
        [
            Row(RowKind.Baseline, "baseline", "4 steps", [8, 9, 8.5], 100, 4, []),
            Row(RowKind.Variant, "Drift <b>", "τ [0.1]", [2, 2.25, 2.125], 33.4, 2, [new("EC0.1", "network", 0, true, 0.05, 0.1), new("EC0.1", "network", 1, false, 0.12, 0.1)]) with
            {
                Control = new(2.5, 25, 8.4, Bound.Exact),
            },
            Row(RowKind.Variant, "Interval", "every 2", [4, 4.5, 4.25], 20, 2, [new("IF2", "prediction", 0, true, null, null)]) with
            {
                Control = new(3, 24, -4, Bound.AtMost),
            },
            Row(RowKind.Control, "control", "3 steps", [6, 6.75, 6.5], 24, 3, []),
            Row(RowKind.Control, "control", "1 steps", [2, 2.25, 2.125], 12, 1, []),
        ],
    };

    public static ComparisonRow Row(RowKind kind, string group, string label, double[] seconds, double psnr, int steps, DecisionRecord[] decisions) => new()
    {
        Kind = kind,
        Group = group,
        Label = label,
        Tag = $"ddim{steps}+{group}",
        Steps = steps,
        Seconds = seconds,
        Speedups = [8 / seconds[0], 9 / seconds[1], 8.5 / seconds[2]],
        Evaluations = steps,
        MultiplyAdds = 100 * steps,
        ArithmeticSpeedup = 4.0 / steps,
        PeakCacheBytes = 2048,
        HostReads = 1,
        PsnrPerPicture = [psnr - 1, psnr + 1],
        SsimPerPicture = [0.9, 0.8],
        Classes = [0, 2],
        Accuracy = 0.5,
        BrokenPictures = 0,
        Reproducible = true,
        Control = null,
        Trace = [.. Enumerable.Range(0, steps).Select(i => new StepRecord
        {
            Stage = 0,
            Index = i,
            Time = 999 - i,
            Seconds = 0.25,
            Rows = 2,
            ComputedRows = i == 0 ? 2 : 1,
            MultiplyAdds = i == 0 ? 200 : 100,
            FullMultiplyAdds = 200,
            CacheBytes = 2048,
            Decisions = i == 0 ? [] : decisions,
        })],
        Pictures = new(2, 1, 2, 3, [0, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100, (byte)psnr]),
    };
}
