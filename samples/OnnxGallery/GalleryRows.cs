using Acceleration.Reporting;

namespace Acceleration.OnnxGallery;

/// <summary>What is compared.</summary>
internal static class GalleryRows
{
    /// <summary>The first rows are the network's three forms, without a strategy.</summary>
    public const int Forms = 3;

    private const int BaselineSteps = 50;
    private const double GuidanceScale = 2;

    // As much arithmetic as each of the settings, or the next more and less.
    private static readonly int[] ControlSteps = [33, 20, 16];

    public static Comparison Of(GalleryNetwork network)
    {
        var comparison = new Comparison($"ONNX Runtime, {BaselineSteps} steps", On(network.Whole))
            .Variant("No strategy", "TorchSharp", On(network.Torch))
            .Variant("No strategy", "ONNX in parts", On(network.Split))

            // On whole network calls: any graph will do.
            .Variant("EasyCache", "τ 0.02, 4 warm", On(network.Whole, Easy()))
            .Variant("Adaptive guidance", "γ̄ 0.999, held", On(network.Whole, new AdaptiveGuidance(0.999) { Tail = GuidanceTail.HoldDelta }))
            .Variant("Forecast", "every 3rd, parabola", On(network.Whole, new IntervalForecast(3, Order: 2)))

            // Fresh noise at each change of resolution draws another picture: its class tells more than its distance from the baseline's.
            .Variant("Bottleneck", "10 + 24 half-size + 8 steps", Guided(Sampler.For(network.Whole).Bottleneck([new(1, 10), new(0.5, 30, 0.8), new(1, 16, 0.5)])).Build());

        // On blocks or cuts: of the split graph, and one of them on TorchSharp too.
        return (network.IsUNet
            ? comparison
                .Variant("DeepCache", "every 3rd, in parts", On(network.Split, new DeepCache(3)))
                .Variant("DeepCache", "every 3rd, TorchSharp", On(network.Torch, new DeepCache(3)))
                .Variant("Cut forecast", "cut 2, every 3rd, line, in parts", On(network.Split, new Cached(Where.Cut(2), new Interval(3), How.Linear())))
            : comparison
                .Variant("Δ-DiT", "6 of 8 blocks, in parts", On(network.Split, new DeltaDiT(2, 6, 25)))
                .Variant("Δ-DiT", "6 of 8 blocks, TorchSharp", On(network.Torch, new DeltaDiT(2, 6, 25)))
                .Variant("Chain forecast", "every 3rd, parabola, in parts", On(network.Split, new TaylorSeer(3, 2) { Where = Where.Chain })))
            .Controls(steps => Steps(network.Whole, steps).Build(), ControlSteps);

        Sampler On(IDenoiser form, params IReadOnlyList<IStrategy> strategies) => strategies.Aggregate(Steps(form, BaselineSteps), (b, s) => b.Use(s)).Build();

        SamplerBuilder Steps(IDenoiser form, int steps) => Guided(network.IsUNet ? Sampler.For(form).FlowEuler(steps) : Sampler.For(form).Ddim(steps));

        // An ε-prediction is no velocity: repeating the output serves it better than the published residual.
        EasyCache Easy() => network.IsUNet ? new(0.02, Warmup: 4) : new(0.02, Warmup: 4) { Reuse = Quantity.Output };
    }

    /// <summary>A comparison counts broken pictures, and goes on.</summary>
    private static SamplerBuilder Guided(SamplerBuilder builder) => builder.Guidance(GuidanceScale).OnNonFinite(NonFinite.Ignore);
}
