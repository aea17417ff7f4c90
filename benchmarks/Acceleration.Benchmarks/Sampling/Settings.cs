namespace Acceleration.Benchmarks;

/// <summary>The strategies that are measured: published names at settings that keep the sample network's pictures.</summary>
internal static class Settings
{
    public const double GuidanceScale = 2;

    public static IReadOnlyList<(string Name, IStrategy[] Strategies)> All(int steps) =>
    [
        ("EasyCache τ 0.05", [new EasyCache(0.05)]),
        ("EasyCache τ 0.1", [new EasyCache(0.1)]),
        ("Δ-DiT 5 of 8 blocks", [new DeltaDiT(2, 5, steps / 2)]),
        ("Δ-DiT 7 of 8 blocks", [new DeltaDiT(2, 7, steps / 2)]),
        ("forecast every 2nd", [new IntervalForecast(2)]),
        ("forecast every 3rd", [new IntervalForecast(3)]),
        ("forecast every 5th", [new IntervalForecast(5)]),
        ("adaptive guidance γ̄ 0.99", [new AdaptiveGuidance(0.99)]),
        ("EasyCache τ 0.1 + guidance", [new EasyCache(0.1), new AdaptiveGuidance(0.99)]),
        ("forecast 3rd + guidance", [new IntervalForecast(3), new AdaptiveGuidance(0.99)]),
    ];

    public static Sampler Sampler(IDenoiser network, int steps, params IStrategy[] strategies) => Builder(network, steps, strategies).Build();

    public static SamplerBuilder Builder(IDenoiser network, int steps, params IStrategy[] strategies) =>
        strategies.Aggregate(Solved(network, steps).Guidance(GuidanceScale), (builder, strategy) => builder.Use(strategy));

    /// <summary>Without guidance.</summary>
    public static Sampler Unguided(IDenoiser network, int steps, params IStrategy[] strategies) =>
        strategies.Aggregate(Solved(network, steps), (builder, strategy) => builder.Use(strategy)).Build();

    private static SamplerBuilder Solved(IDenoiser network, int steps)
    {
        var builder = Acceleration.Sampler.For(network);
        return network.Info.Prediction == PredictionType.Flow ? builder.FlowEuler(steps) : builder.Ddim(steps);
    }
}
