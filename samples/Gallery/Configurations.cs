using Acceleration.Reporting;

namespace Acceleration.Gallery;

/// <summary>What the gallery compares.</summary>
internal static class Configurations
{
    private const int BaselineSteps = 50;
    private const double GuidanceScale = 2;
    private static readonly int[] ControlSteps = [25, 20, 16, 12, 10, 8];

    public static Comparison For(IDenoiser network)
    {
        var comparison = new Comparison($"{BaselineSteps} steps", Plain(BaselineSteps));

        Add("EasyCache", "τ 0.05", new EasyCache(0.05));
        Add("EasyCache", "τ 0.1", new EasyCache(0.1));
        Add("EasyCache", "τ 0.2", new EasyCache(0.2));
        Add("Δ-DiT", "5 of 8 blocks", new DeltaDiT(2, 5, 25));
        Add("Δ-DiT", "7 of 8 blocks", new DeltaDiT(2, 7, 25));
        Add("Forecast", "every 3rd", new IntervalForecast(3));
        Add("Forecast", "every 5th", new IntervalForecast(5));
        Add("Adaptive guidance", "γ̄ 0.99", new AdaptiveGuidance(0.99));
        Add("Adaptive guidance", "γ̄ 0.999", new AdaptiveGuidance(0.999));
        Add("Stack", "EasyCache + guidance", new EasyCache(0.1), new AdaptiveGuidance(0.99));
        Add("Stack", "forecast + guidance", new IntervalForecast(3), new AdaptiveGuidance(0.99));

        foreach (var steps in ControlSteps)
        {
            comparison.Control($"{steps} steps", Plain(steps));
        }

        return comparison;

        Sampler Plain(int steps, params IReadOnlyList<IStrategy> strategies)
        {
            var builder = Sampler.For(network).Ddim(steps).Guidance(GuidanceScale);
            foreach (var strategy in strategies)
            {
                builder.Use(strategy);
            }

            return builder.Build();
        }

        void Add(string group, string label, params IReadOnlyList<IStrategy> strategies) =>
            comparison.Variant(group, label, Plain(BaselineSteps, strategies));
    }
}
