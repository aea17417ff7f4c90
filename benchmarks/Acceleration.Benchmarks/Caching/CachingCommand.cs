using Spectre.Console;
using static TorchSharp.torch;

namespace Acceleration.Benchmarks;

/// <summary>Published methods on the sample networks: time saved against multiply-adds saved.</summary>
internal static class CachingCommand
{
    public const string What = "caching methods on the sample networks: realised and arithmetic speed-up [--network dit,unet] [--only WORD] [--rounds 3] [--steps 50] [--samples 8] [--dtype float32] [--detail]";

    private const string Method = """
        Whole guided requests with a method and without, a step of each in turn. Arithmetic: multiply-adds of the baseline over those executed. Left out: the same work left out with nothing in its place, so the time of
          what a cache cannot spare there; not for methods that choose guidance branches, nor where decisions are about the step after.
        """;

    public static int Run(Options options)
    {
        var (rounds, steps, samples, types) = (options.Number("--rounds", 3), options.Number("--steps", 50), options.Number("--samples", 8), options.Types(ScalarType.Float32));
        var (networks, only, detail) = (options.Words("--network", "dit", "unet"), options.Path("--only"), options.Flag("--detail"));
        options.RequireAllRead();
        foreach (var dtype in types)
        {
            foreach (var name in networks)
            {
                using IDenoiser network = name == "dit" ? SampleNetwork.Load(dtype) : SampleNetwork.LoadUNet(dtype);
                Page.Machine(network.Info, [dtype]);
                var methods = name == "dit" ? SampleMethods.DiT(steps) : SampleMethods.UNet();
                Measure(network, [.. methods.Where(m => only is null || m.Name.Contains(only, StringComparison.OrdinalIgnoreCase))], (rounds, steps, samples), detail);
            }
        }

        Page.Line(Method);
        return 0;
    }

    private static void Measure(IDenoiser network, IReadOnlyList<(string Name, IStrategy Strategy)> methods, (int Rounds, int Steps, int Samples) size, bool detail)
    {
        using var condition = SampleNetwork.Labels(network.Info, size.Samples);
        var table = Page.Table($"{size.Samples} samples, {size.Steps} steps", "realised", "arithmetic", "realised ÷ arithmetic", "left out", "realised ÷ left out", "caches MiB");
        var baseline = Settings.Sampler(network, size.Steps);
        foreach (var (name, strategy) in methods)
        {
            var (request, with) = (new SamplingRequest { Condition = condition, Seed = 1 }, Settings.Sampler(network, size.Steps, strategy));
            using var known = with.Generate(request);
            Sampler[] samplers = DroppedWork.Of(strategy, known.Trace) is { } dropped ? [baseline, with, Settings.Sampler(network, size.Steps, dropped)] : [baseline, with];
            var turns = StepTurns.Run(size.Rounds, 2, request, samplers);
            var (realised, trace) = (turns.Speedup(1), turns.Traces[1]);
            var arithmetic = trace.ArithmeticSpeedup(turns.Traces[0]);

            // A method whose decisions say something else than what its rows do in that step cannot be followed.
            var left = samplers.Length > 2 && Math.Abs((turns.Traces[2].MultiplyAdds / trace.MultiplyAdds) - 1) < 0.02 ? turns.Speedup(2).Median : double.NaN;
            Page.Row(
                table, name, Page.Range(realised, "0.00"), $"{arithmetic:0.00}", $"{realised.Median / arithmetic:0.00}", Known(left), Known(realised.Median / left),
                $"{trace.PeakCacheBytes / (1024.0 * 1024):0.0}");
            Console.Error.WriteLine($"{name}: {realised.Median:0.00} of {arithmetic:0.00}");
            if (detail)
            {
                Detail(turns, table);
            }
        }

        Page.Write(table);
    }

    private static void Detail(StepTurns turns, Table table)
    {
        var (plain, with) = (turns.Steps(0), turns.Steps(1));
        var (whole, trace) = (turns.Traces[0], turns.Traces[1]);
        foreach (var group in Enumerable.Range(0, plain.Length).GroupBy(i => Math.Round(trace.Steps[i].MultiplyAdds / whole.Steps[i].MultiplyAdds, 2)).OrderByDescending(g => g.Key))
        {
            var (a, b) = (group.Average(i => plain[i]), group.Average(i => with[i]));
            Page.Row(table, $"  {group.Count()} steps with {group.Key:0.00} of the multiply-adds", $"{b / a:0.000} of the time", $"{a:0.00} ms", $"{b:0.00} ms", "", "", "");
        }
    }

    private static string Known(double ratio) => double.IsNaN(ratio) ? "–" : $"{ratio:0.00}";
}
