using Acceleration.Tests.Docs;
using Acceleration.Tests.Toys;

namespace Acceleration.Tests.Guidance;

/// <summary>A way to combine branches, as the tests that hold for all of them use it.</summary>
/// <param name="Active">A setting that is neither plain guidance nor off.</param>
/// <param name="Off">A setting that leaves the condition alone, bit for bit; empty where there is none.</param>
/// <param name="Plain">A setting that is plain guidance at scale 2.5, bit for bit; empty where there is none.</param>
internal sealed record KnownCombiner(IStrategy[] Active, IStrategy[] Off, IStrategy[] Plain)
{
    public const int Steps = 8;
    public const double Scale = 2.5;

    private static readonly AdaptiveProjectedGuidance Projected = new(Scale) { Momentum = -0.5, Longest = 2, Eta = 0.2 };

    /// <summary>All of them, and pairs: what arrives joins by a line here.</summary>
    public static IReadOnlyDictionary<string, KnownCombiner> All { get; } = new Dictionary<string, KnownCombiner>
    {
        ["original form"] = new([ClassifierFreeGuidance.Original(3)], [ClassifierFreeGuidance.Original(0)], []),
        ["APG"] = new([Projected], [Projected with { Scale = 1 }], [new AdaptiveProjectedGuidance(Scale) { Longest = 0 }]),
        ["APG by row, from the condition"] = new([Projected with { Axes = ProjectionAxes.Channels | ProjectionAxes.Width, Base = GuidanceBase.Conditional }], [Projected with { Scale = 1 + 1e-10 }], []),
        ["APG mix"] = new([new AdaptiveProjectedMixGuidance(Scale, 4, 2) { Longest = 1 }], [new AdaptiveProjectedMixGuidance(1, 4, 2)], [new AdaptiveProjectedMixGuidance(Scale, 1, -1)]),
        ["CFG-Zero*"] = new([new ClassifierFreeZeroStarGuidance(Scale)], [new ClassifierFreeZeroStarGuidance(1, 0)], []),
        ["TCFG"] = new([new TangentialClassifierFreeGuidance(Scale)], [new TangentialClassifierFreeGuidance(1)], []),
        ["MAMBO-G"] = new([new MagnitudeAwareGuidance(Scale, 2)], [new MagnitudeAwareGuidance(1, 2)], [new MagnitudeAwareGuidance(Scale, 0)]),
        ["FDG"] = new(
            [new FrequencyDecoupledGuidance([new(3) { AlongCondition = 0.5, Rescale = 0.5 }, new(1.5) { Stop = 0.6 }])],
            [new FrequencyDecoupledGuidance([new(1) { AlongCondition = 0.5 }, new(1)])],
            []),
        ["CFG++"] = new([new ClassifierFreePlusPlusGuidance(0.6)], [], []),
        ["composed of one"] = new([new ComposedGuidance(3, [])], [new ComposedGuidance(1, [])], [new ComposedGuidance(Scale, [])]),
        ["rescale"] = new([new ClassifierFreeGuidance(Scale), new GuidanceRescale(0.7)], [new ClassifierFreeGuidance(1), new GuidanceRescale(0.7)], [new ClassifierFreeGuidance(Scale), new GuidanceRescale(0)]),
        ["warm-up"] = new([new ClassifierFreeGuidance(Scale), new WarmUpGuidance(0.5)], [new ClassifierFreeGuidance(1), new WarmUpGuidance(0.5)], [new ClassifierFreeGuidance(Scale), new WarmUpGuidance(0)]),
        ["APG + rescale"] = new([Projected, new GuidanceRescale(0.5)], [Projected with { Scale = 1 }, new GuidanceRescale(0.5)], []),
        ["APG + interval + rescale"] = new(
            [Projected, GuidanceInterval.Share(0.2, 0.8), new GuidanceRescale(0.5)],
            [Projected, GuidanceInterval.Share(0.5, 0.5), new GuidanceRescale(0.5)],
            [new AdaptiveProjectedGuidance(Scale) { Longest = 0 }, GuidanceInterval.Share(0, 1), new GuidanceRescale(0)]),
        ["CFG-Zero* + rescale"] = new([new ClassifierFreeZeroStarGuidance(Scale, 2), new GuidanceRescale(0.7)], [new ClassifierFreeZeroStarGuidance(1, 0), new GuidanceRescale(1)], []),
        ["CFG++ + rescale"] = new([new ClassifierFreePlusPlusGuidance(0.6), new GuidanceRescale(0.3)], [], []),
    };

    /// <summary>Those that leave no branch out of any step beforehand: another one may end guidance where it likes.</summary>
    public static IEnumerable<IStrategy> Unlimited(IEnumerable<IStrategy> strategies) => strategies.Where(s => !LimitsSteps(s));

    /// <summary>Whether its run is an <see cref="IBranchWindow"/>.</summary>
    public static bool LimitsSteps(IStrategy strategy)
    {
        using var store = new RunStore();
        using var run = strategy.Begin(new(Toy.Info("any"), "flow-euler", [FlowSchedule.FromSigmas([1, 0.5])], Scale) { IsGuided = true, CombinesBranches = true }, store);
        return run is IBranchWindow;
    }

    public static TheoryData<string> Names => [.. All.Keys];

    public static TheoryData<string> WithOff => [.. All.Where(k => k.Value.Off.Length > 0).Select(k => k.Key)];

    public static TheoryData<string> WithPlain => [.. All.Where(k => k.Value.Plain.Length > 0).Select(k => k.Key)];

    /// <summary>A sampler with these strategies, on a flow.</summary>
    public static Sampler On(IDenoiser network, params IEnumerable<IStrategy> strategies) => With(Sampler.For(network).FlowEuler(Steps), strategies).Build();

    public static SamplerBuilder With(SamplerBuilder builder, params IEnumerable<IStrategy> strategies) => strategies.Aggregate(builder, (b, s) => b.Use(s));
}
