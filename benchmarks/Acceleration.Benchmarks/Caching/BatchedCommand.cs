using static TorchSharp.torch;

namespace Acceleration.Benchmarks;

/// <summary>Samples of one request that decide differently: rows are gathered, computed and put back.</summary>
internal static class BatchedCommand
{
    public const string What = "one request whose samples decide differently: realised and arithmetic speed-up [--network dit,unet] [--rounds 3] [--steps 24] [--samples 8] [--every 3] [--dtype float32]";

    private const string Method = """
        Guided requests, a step of each setting in turn. Alike: all samples are computed in every Nth step. Apart: each sample in an Nth step of its own, so that every step computes a part of the rows. What fewer rows take of the
          time of all, without any cache, is the last line.
        """;

    public static int Run(Options options)
    {
        var (networks, rounds, steps) = (options.Words("--network", "dit", "unet"), options.Number("--rounds", 3), options.Number("--steps", 24));
        var (samples, every, types) = (options.Number("--samples", 8), options.Number("--every", 3), options.Types(ScalarType.Float32));
        options.RequireAllRead();
        foreach (var (name, dtype) in networks.SelectMany(n => types.Select(t => (n, t))))
        {
            using IDenoiser network = name == "dit" ? SampleNetwork.Load(dtype) : SampleNetwork.LoadUNet(dtype);
            Page.Machine(network.Info, [dtype]);
            Measure(network, name == "dit" ? Where.Chain : Where.Cut(0), (rounds, steps, samples, every));
        }

        Page.Line(Method);
        return 0;
    }

    private static void Measure(IDenoiser network, Where inside, (int Rounds, int Steps, int Samples, int Every) run)
    {
        using var condition = SampleNetwork.Labels(network.Info, run.Samples);
        (string Name, IStrategy Strategy)[] settings =
        [
            ("network, alike", new Cached(Where.Network, new Interval(run.Every), How.LastValue)),
            ("network, apart", new Cached(Where.Network, new ApartWhen(run.Every), How.LastValue)),
            ("network, apart, line", new Cached(Where.Network, new ApartWhen(run.Every), How.Linear())),
            ($"{inside.Tag}, alike", new Cached(inside, new Interval(run.Every), How.LastValue)),
            ($"{inside.Tag}, apart", new Cached(inside, new ApartWhen(run.Every), How.LastValue)),
            ("attention, apart", new Cached(Where.Attention, new ApartWhen(run.Every), How.LastValue)),
            ("EasyCache", new EasyCache(0.05, 3)),
        ];
        var turns = StepTurns.Run(
            run.Rounds, null, new() { Condition = condition, Seed = 1 }, [Settings.Sampler(network, run.Steps), .. settings.Select(s => Settings.Sampler(network, run.Steps, s.Strategy))]);
        var table = Page.Table($"{run.Samples} samples, {run.Steps} steps, {turns.Seconds(0):0.0} s", "realised", "arithmetic", "realised ÷ arithmetic", "steps with a part of the rows");
        for (var i = 0; i < settings.Length; i++)
        {
            var (realised, trace) = (turns.Speedup(1 + i), turns.Traces[1 + i]);
            var arithmetic = trace.ArithmeticSpeedup(turns.Traces[0]);
            var parts = trace.Steps.Zip(turns.Traces[0].Steps).Count(s => s.First.MultiplyAdds > 1e-6 * s.Second.MultiplyAdds && s.First.MultiplyAdds < (1 - 1e-6) * s.Second.MultiplyAdds);
            Page.Row(table, settings[i].Name, Page.Range(realised, "0.00"), $"{arithmetic:0.00}", $"{realised.Median / arithmetic:0.00}", $"{parts} of {run.Steps}");
        }

        Page.Write(table);
        Rows(network, run.Samples, run.Rounds);
    }

    /// <summary>How the plain network scales with its rows.</summary>
    private static void Rows(IDenoiser network, int samples, int rounds)
    {
        using var grad = no_grad();
        int[] rows = [.. new[] { 2 * samples, samples, samples / 2, 2 }.Where(r => r > 0).Distinct()];
        var inputs = Array.ConvertAll(rows, r => SampleNetwork.Input(network.Info, r));
        var times = Turns.Run(4 * rounds, Array.ConvertAll(inputs, i => (Action)(() => i.Run(network).Dispose())));
        Page.Line($"Rows of a plain pass, and its time as a share of the first: {string.Join(", ", rows.Select((r, i) => $"{r} ({r / (double)rows[0]:0.00}) {Turns.Ratio(times[i], times[0]).Median:0.00}"))}.");
        Array.ForEach(inputs, i => i.Dispose());
    }
}
