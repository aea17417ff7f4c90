using static TorchSharp.torch;

namespace Acceleration.Benchmarks;

/// <summary>Caches here and as their Python implementations have them, on the same weights, noise and schedule, in one run.</summary>
internal static class RivalsCommand
{
    public const string What = "caches here and as in Python, whole requests on the sample DiT, turn by turn [--rounds 3] [--steps 30] [--samples 2]";

    private const string Method = """
        float32, guided requests; the Python side takes one decision for its batch, this one for each sample. Realised: time of the side's own baseline over that of the method, of neighbouring requests. Efficiency: realised × computed
          steps ÷ steps, 1 where a skipped step takes no time; the methods that compute a block or all elementwise work in each step cannot reach it.
        """;

    private static readonly (string Name, IStrategy? Strategy, string Rule)[] Rules =
    [
        ("no cache", null, "none"),
        ("First-Block Cache τ 0.1", new FirstBlockCache(0.1), "fbcache 0.1"),
        ("EasyCache τ 0.05, 4 warm", new EasyCache(0.05, 4), "easycache 0.05 4"),
        ("TaylorSeer, every 3rd, order 2, last block", new TaylorSeer(3, 2) { Where = Where.Chain }, "taylor 3 2"),
        ("FORA, every 3rd", new Fora(3), "fora 3"),
    ];

    public static int Run(Options options)
    {
        var (rounds, steps, samples) = (options.Number("--rounds", 3), options.Number("--steps", 30), options.Number("--samples", 2));
        options.RequireAllRead();
        using var network = SampleNetwork.Load(ScalarType.Float32);
        using var condition = SampleNetwork.Labels(network.Info, samples);
        Page.Machine(network.Info, [ScalarType.Float32]);
        var samplers = Array.ConvertAll(Rules, r => Settings.Sampler(network, steps, r.Strategy is null ? [] : [r.Strategy]));
        if (RivalProcess.TryStart(samplers[0], condition, out var reason) is not { } python)
        {
            Page.Line($"Without Python: {reason}.");
            return 1;
        }

        using (python)
        {
            var table = Page.Table($"{samples} samples, {steps} steps", "computed", "Python", "realised", "Python", "efficiency", "Python", "Python s ÷ ours");
            for (var r = 0; r < Rules.Length; r++)
            {
                Console.Error.WriteLine($"measuring {Rules[r].Name}");
                Measure(table, r, (samplers[0], samplers[r]), condition, python, rounds);
            }

            Page.Write(table);
            using var final = Request.Run(samplers[0], condition);
            python.Run("none");
            Page.Line($"PyTorch {python.Versions}; largest difference of the two baselines' pictures: {python.Difference(final.Pictures):0.0e+0}.");
        }

        Page.Line(Method);
        return 0;
    }

    private static void Measure(Spectre.Console.Table table, int rule, (Sampler Plain, Sampler With) ours, Conditioning condition, RivalProcess python, int rounds)
    {
        var (plain, with, theirs, theirsWith) = (new double[rounds], new double[rounds], new double[rounds], new double[rounds]);
        var (mine, other) = (0.0, 0);
        for (var round = -1; round < rounds; round++)
        {
            // The first request of a side after the other's finds cold caches and is a warm-up.
            var at = Math.Max(round, 0);
            (plain[at], _) = Here(ours.Plain);
            (with[at], mine) = Here(ours.With);
            (theirs[at], _) = python.Run("none");
            (theirsWith[at], other) = python.Run(Rules[rule].Rule);
        }

        var steps = (double)ours.Plain.Steps;
        var (realised, inPython) = (Turns.Ratio(plain, with), Turns.Ratio(theirs, theirsWith));
        Page.Row(
            table, Rules[rule].Name, $"{mine:0.0}", $"{other}", Page.Range(realised, "0.00"), Page.Range(inPython, "0.00"),
            $"{realised.Median * mine / steps:0.00}", $"{inPython.Median * other / steps:0.00}", Page.Range(Turns.Ratio(theirsWith, with), "0.00"));

        (double Milliseconds, double Computed) Here(Sampler sampler)
        {
            using var request = Request.Run(sampler, condition);
            var trace = request.Trace;
            return (request.Seconds * 1e3, trace.MultiplyAdds / trace.FullMultiplyAdds * trace.Steps.Count);
        }
    }
}
