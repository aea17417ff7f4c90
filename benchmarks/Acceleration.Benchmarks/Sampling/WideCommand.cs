using Acceleration.Models;
using Acceleration.Reporting;
using static TorchSharp.torch;

namespace Acceleration.Benchmarks;

/// <summary>Whole requests on a network with long sequences: what spares tokens or pairs of them has to pay there.</summary>
internal static class WideCommand
{
    public const string What = "long sequences: token merging and grouped attention in whole requests on a random network [--side 128] [--width 384] [--blocks 4] [--steps 4] [--repeats 3] [--dtype float32]";

    private const string Method = """
        A DiT of random weights, one picture, no guidance. Every run of a setting directly follows one of the baseline; speed-ups are medians of these pairs. Arithmetic: multiply-adds of the
          baseline over those executed, token plans counted. Random weights say nothing of fidelity: that is shown on the sample network.
        """;

    public static int Run(Options options)
    {
        var (side, width, blocks, steps) = (options.Number("--side", 128), options.Number("--width", 384), options.Number("--blocks", 4), options.Number("--steps", 4));
        var (repeats, types) = (options.Number("--repeats", 3), options.Types(ScalarType.Float32));
        options.RequireAllRead();
        using var checkpoint = ResizedCheckpoint.Random(width, side, blocks);
        foreach (var dtype in types)
        {
            using var network = DiT.Load(checkpoint.Path, new() { DType = dtype });
            using var condition = SampleNetwork.Labels(network.Info, 1);
            Page.Machine(network.Info, [dtype]);
            var table = Page.Table($"{network.Info.Layout(network.Info.SampleSize).Tokens} tokens, width {width}, {blocks} blocks", "baseline s", "setting s", "realised", "arithmetic", "realised ÷ arithmetic");
            var baseline = Sample(network, steps);
            using var reference = Request.Run(baseline, condition);
            foreach (var (name, strategies) in Strategies(blocks))
            {
                Measure(table, name, (baseline, reference.Trace), Sample(network, steps, strategies), condition, repeats);
            }

            Page.Write(table);
        }

        Page.Line(Method);
        return 0;
    }

    private static IEnumerable<(string Name, IStrategy[] Strategies)> Strategies(int blocks) =>
    [
        ("token merging 50 %", [new ToMeSD(0.5)]),
        ("token merging 50 %, one plan for all blocks", [new ToMeSD(0.5) { Blocks = blocks }]),
        ("token merging 50 %, feed-forward too", [new ToMeSD(0.5) { Blocks = blocks, Parts = MergedParts.Attention | MergedParts.FeedForward }]),
        ("GRAT-B", [new GratB { Crossover = 0 }]),
        ("GRAT-X", [new GratX { Crossover = 0 }]),
        ("GRAT-X, every 2nd step forecast", [new GratX { Crossover = 0 }, new IntervalForecast(2, Order: 0, Warmup: 1)]),
    ];

    private static Sampler Sample(IDenoiser network, int steps, params IStrategy[] strategies) => strategies.Aggregate(Sampler.For(network).Ddim(steps), (b, s) => b.Use(s)).Build();

    private static void Measure(Spectre.Console.Table table, string name, (Sampler Sampler, Trace Trace) baseline, Sampler sampler, Conditioning condition, int repeats)
    {
        using var first = Request.Run(sampler, condition);
        var (whole, spared) = (new double[repeats], new double[repeats]);
        for (var i = 0; i < repeats; i++)
        {
            (whole[i], spared[i]) = (Seconds(baseline.Sampler), Seconds(sampler));
        }

        var (arithmetic, realised) = (first.Trace.ArithmeticSpeedup(baseline.Trace), Turns.Ratio(whole, spared));
        Page.Row(
            table, name, $"{Spread.Of(whole).Median:0.00}", $"{Spread.Of(spared).Median:0.00}", Page.Range(realised, "0.00"), $"{arithmetic:0.00}", $"{realised.Median / arithmetic:0.00}");

        double Seconds(Sampler s)
        {
            using var request = Request.Run(s, condition);
            return request.Seconds;
        }
    }
}
