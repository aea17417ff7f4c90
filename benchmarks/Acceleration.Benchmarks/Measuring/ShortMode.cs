using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Order;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Perfolizer.Horology;
using static TorchSharp.torch;

namespace Acceleration.Benchmarks;

/// <summary>All benchmark classes that compare something, a few short iterations each, as one table in Markdown.</summary>
internal static class ShortMode
{
    public const string Name = "short";

    private const int Iterations = 5;
    private static readonly TimeInterval Iteration = TimeInterval.FromMilliseconds(100);

    public static int Run()
    {
        var job = Job.Default
            .WithToolchain(InProcessEmitToolchain.Instance)
            .WithLaunchCount(1).WithWarmupCount(3).WithIterationCount(Iterations).WithIterationTime(Iteration);
        var config = ManualConfig.CreateEmpty().AddJob(job).AddLogger(NullLogger.Instance).WithOptions(ConfigOptions.DisableLogFile)
            .WithOrderer(new DefaultOrderer(SummaryOrderPolicy.Declared, MethodOrderPolicy.Declared));
        if (!Console.IsOutputRedirected)
        {
            Console.WriteLine("A minute of measuring ...");
        }

        Page.Machine([ScalarType.Float32]);
        Console.WriteLine("");
        Console.WriteLine("| | | ms | ± | ratio |");
        Console.WriteLine("|---|---|---|---|---|");
        var failed = false;
        foreach (var type in typeof(ShortMode).Assembly.GetTypes().Where(t => t.IsDefined(typeof(BenchmarkCategoryAttribute), false)).OrderBy(t => t.Name))
        {
            failed |= !Print(BenchmarkRunner.Run(type, config));
        }

        Console.WriteLine("");
        Console.WriteLine($"Medians of {Iterations} iterations of {Iteration.ToMilliseconds():0} ms, half the range between quartiles, and the ratio to the first line of each group.");
        return failed ? 1 : 0;
    }

    /// <summary>A line for each case; false where one failed.</summary>
    private static bool Print(Summary summary)
    {
        double? first = null;
        foreach (var report in summary.Reports)
        {
            var descriptor = report.BenchmarkCase.Descriptor;
            var (name, label) = (first is null ? descriptor.Categories[0] : "", descriptor.WorkloadMethodDisplayInfo.Trim('\''));
            if (report.ResultStatistics is not { } s)
            {
                Console.WriteLine($"| {name} | {label} | failed | | |");
                continue;
            }

            first ??= s.Median;
            Console.WriteLine($"| {name} | {label} | {Milliseconds(s.Median)} | {Milliseconds(s.InterquartileRange / 2)} | {s.Median / first:0.00} |");
        }

        return summary.Reports.Length > 0 && summary.Reports.All(r => r.ResultStatistics is not null);
    }

    private static string Milliseconds(double nanoseconds) => $"{nanoseconds / 1e6:0.000}";
}
