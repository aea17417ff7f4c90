using Acceleration.Reporting;
using static TorchSharp.torch;

namespace Acceleration.Benchmarks;

/// <summary>What strategies cost besides the network: deciding, remembering and approximating.</summary>
internal static class DecisionsCommand
{
    public const string What = "each strategy's own work per step, relative to a forward pass [--rounds 15] [--steps 50] [--samples 8] [--dtype float32] [--only WORD]";

    private const int Width = 192;
    private const int SampleBlocks = 8;

    private const string Method = """
        Requests on a network of the same shapes whose forward pass is nearly free, alternating with the same request without the strategy; the difference per step,
          relative to a guided forward pass of the sample DiT in this run. Adaptive guidance and 'never skips' are set so that every step decides.
        """;

    public static int Run(Options options)
    {
        var (rounds, steps, samples, types, only) = (options.Number("--rounds", 15), options.Number("--steps", 50), options.Number("--samples", 8), options.Types(ScalarType.Float32), options.Path("--only"));
        options.RequireAllRead();
        foreach (var dtype in types)
        {
            using var real = SampleNetwork.Load(dtype);
            using var condition = SampleNetwork.Labels(real.Info, samples);
            Page.Machine(real.Info, [dtype]);
            var forward = Forward(real, 2 * samples, rounds);
            foreach (var (blocks, parts) in new[] { (8, 2), (57, 3) })
            {
                using var free = new FreeNetwork(real.Info, Width, samples, blocks, parts);
                var table = Page.Table($"{samples} samples, {steps} steps, {blocks} blocks of {parts} parts", "plain µs/step", "with method µs/step", "difference µs/step", "share of a forward");
                foreach (var (name, strategy) in (blocks == 8 ? Few(steps) : Many(steps)).Where(s => only is null || s.Name.Contains(only, StringComparison.OrdinalIgnoreCase)))
                {
                    var (plain, with) = (Settings.Sampler(free, steps), Settings.Sampler(free, steps, strategy));
                    var times = Turns.Run(rounds, () => Request.Run(plain, condition).Dispose(), () => Request.Run(with, condition).Dispose());
                    double[] difference = [.. times[1].Zip(times[0], (a, b) => PerStep(a - b))];
                    var cost = Spread.Of(difference);
                    Page.Row(
                        table, name, $"{PerStep(Spread.Of(times[0]).Median):0}", $"{PerStep(Spread.Of(times[1]).Median):0}", Page.Range(cost, "0"),
                        $"{cost.Median / (forward * blocks / SampleBlocks) / 10:0.00} %");
                }

                Page.Write(table);
            }

            Page.Line($"A forward pass of {2 * samples} rows takes {forward:0.0} ms with {SampleBlocks} blocks; with others as many times more.");
        }

        Page.Line(Method);
        return 0;

        double PerStep(double milliseconds) => milliseconds * 1e3 / steps;
    }

    private static double Forward(IDenoiser network, int rows, int rounds)
    {
        using var grad = no_grad();
        using var input = SampleNetwork.Input(network.Info, rows);
        return Spread.Of(Turns.Run(rounds, () => input.Run(network).Dispose())[0]).Median;
    }

    private static IEnumerable<(string Name, IStrategy Strategy)> Few(int steps) =>
    [
        ("EasyCache, never skips", new EasyCache(0)),
        ("EasyCache τ 0.1", new EasyCache(0.1)),
        ("LazyCache, never skips", new LazyCache(0)),
        ("UCache, never skips", new UCache(0)),
        ("PreciseCache, never skips", new PreciseCache(0)),
        ("TeaCache, never skips", new TeaCache(0, [1, 0])),
        ("First-Block Cache, never skips", new FirstBlockCache(0)),
        ("DBCache, never skips", new DBCache(0, 2, 1)),
        ("DiCache, never skips", new DiCache(0)),
        ("SpeCa, never skips", new SpeCa(0)),
        ("SpeCa, every 8th token, never skips", new SpeCa(0) { Stride = 8 }),
        ("DBPrune, never skips", new DBPrune(0, 1)),
        ("DBPrune, every 8th token, never skips", new DBPrune(0, 1) { Stride = 8 }),
        ("BWCache, never skips", new BWCache(0)),
        ("BWCache, every 8th token, never skips", new BWCache(0) { Stride = 8 }),
        ("MagCache, never skips", new MagCache(0, [1])),
        ("SADA, never skips", new Sada(steps, steps)),
        ("Δ-DiT 5 of 8 blocks", new DeltaDiT(2, 5, steps / 2)),
        ("forecast every 3rd", new IntervalForecast(3)),
        ("forecast, never skips", new IntervalForecast(1)),
        ("FORA, never skips", new Fora(1)),
        ("FORA every 3rd", new Fora(3)),
        ("blocks, drift, never skips", new Cached(Where.Blocks, new InputOutputDrift(0), How.LastValue)),
        ("blocks, drift, every 8th token, never skips", new Cached(Where.Blocks, new InputOutputDrift(0) { Stride = 8 }, How.LastValue)),
        ("correction cache, never skips", new CorrectionCache(0)),
        ("adaptive guidance, never ends", new AdaptiveGuidance(1.1)),
    ];

    /// <summary>At every part of every block of a network as deep as FLUX.</summary>
    private static IEnumerable<(string Name, IStrategy Strategy)> Many(int steps) =>
    [
        ("every part, never skips", new Cached(Where.Branches, new Interval(1), How.LastValue)),
        ("every part, every 3rd", new Cached(Where.Branches, new Interval(3), How.LastValue)),
        ("BAC, every 3rd", new BlockAdaptiveCaching([new(Where.Branches, [.. Enumerable.Range(0, steps).Where(i => i % 3 == 0)])])),
        ("every part, drift, never skips", new Cached(Where.Branches, new InputChange(0), How.LastValue)),
        ("every block, every 3rd", new Cached(Where.Blocks, new Interval(3), How.LastValue)),
    ];
}
