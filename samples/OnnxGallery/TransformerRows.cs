using Acceleration.Reporting;

namespace Acceleration.OnnxGallery;

/// <summary>What is compared on the DiT.</summary>
internal static class TransformerRows
{
    private const int Steps = 50;
    private const double GuidanceScale = 2;
    private static readonly int[] ControlSteps = [33, 25, 20, 16, 12, 10];

    public static Sampler Plain(IDenoiser network, int steps = Steps, params IReadOnlyList<IStrategy> strategies) =>
        strategies.Aggregate(Sampler.For(network).Ddim(steps).Guidance(GuidanceScale).OnNonFinite(NonFinite.Ignore), (b, s) => b.Use(s)).Build();

    public static Comparison Of(GalleryNetwork network)
    {
        // Fresh noise at each change of resolution draws another picture: its class tells more than its distance from the baseline's.
        var stages = new Bottleneck([new(1, 10), new(0.5, 30, 0.8), new(1, 16, 0.5)]);
        var comparison = new Comparison($"ONNX Runtime, {Steps} steps", Plain(network.Whole))
            .Variant("No strategy", "TorchSharp", Plain(network.Torch))
            .Variant("No strategy", "ONNX in parts", Plain(network.Split))

            // On whole network calls: any graph will do.
            .Variant("EasyCache", "τ 0.02, 4 warm", On(network.Whole, new EasyCache(0.02, Warmup: 4) { Reuse = Quantity.Output }))
            .Variant("Adaptive guidance", "γ̄ 0.999, held", On(network.Whole, new AdaptiveGuidance(0.999) { Tail = GuidanceTail.HoldDelta }))
            .Variant("Forecast", "every 3rd, parabola", On(network.Whole, new IntervalForecast(3, Order: 2)))
            .Variant("Bottleneck", "10 + 24 half-size + 8 steps", Staged(network.Whole, stages))

            // On blocks: of the split graph, beside the same on TorchSharp.
            .Variant("Δ-DiT", "6 of 8 blocks", On(network.Split, new DeltaDiT(2, 6, 25)))
            .Variant("Δ-DiT", "6 of 8 blocks, TorchSharp", On(network.Torch, new DeltaDiT(2, 6, 25)))
            .Variant("Chain forecast", "every 3rd, parabola", On(network.Split, new TaylorSeer(3, 2) { Where = Where.Chain }))
            .Variant("Stack", "chain forecast × guidance", On(network.Split, new TaylorSeer(3, 2) { Where = Where.Chain }, new AdaptiveGuidance(0.999) { Tail = GuidanceTail.HoldDelta }));
        return comparison.Controls(steps => Plain(network.Whole, steps), ControlSteps);

        static Sampler On(IDenoiser network, params IReadOnlyList<IStrategy> strategies) => Plain(network, Steps, strategies);

        static Sampler Staged(IDenoiser network, Bottleneck stages) => Sampler.For(network).Bottleneck(stages.Stages).Guidance(GuidanceScale).OnNonFinite(NonFinite.Ignore).Build();
    }
}
