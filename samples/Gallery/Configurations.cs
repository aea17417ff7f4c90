using Acceleration.Reporting;

namespace Acceleration.Gallery;

/// <summary>What the gallery compares.</summary>
internal static class Configurations
{
    private const int BaselineSteps = 50;
    private const double GuidanceScale = 2;
    private static readonly int[] ControlSteps = [33, 25, 20, 16, 12, 10, 8];

    public static Comparison For(IDenoiser network)
    {
        var comparison = new Comparison($"{BaselineSteps} steps", Plain(BaselineSteps));

        // An ε-prediction is no velocity: repeating the output serves it better than the published residual.
        Add("EasyCache", "τ 0.02, 4 warm", new EasyCache(0.02, Warmup: 4) { Reuse = Quantity.Output });
        Add("EasyCache × line", "τ 0.02, 4 warm", new Cached(Where.Network, new InputOutputDrift(0.02, Warmup: 4), How.Linear(Abscissa.LogSnr)));
        Add("Δ-DiT", "6 of 8 blocks", new DeltaDiT(2, 6, 25));
        Add("Forecast", "every 3rd, parabola", new IntervalForecast(3, Order: 2));
        Add("Forecast", "every 5th, parabola", new IntervalForecast(5, Order: 2));
        Add("Forecast", "every 7th, line", new IntervalForecast(7));
        Add("Searched steps", "10 of 50, parabola", new StepForecast([0, 2, 9, 15, 20, 25, 30, 36, 42, 47], Order: 2));
        Add("Searched steps", "8 of 50, parabola", new StepForecast([0, 3, 11, 18, 26, 34, 41, 47], Order: 2));
        comparison
            .Variant("Fitted forecast", "14 evaluations", FittedPlan.Sampler(network, "dit-forecast14"))
            .Variant("Fitted forecast", "12 evaluations", FittedPlan.Sampler(network, "dit-forecast12"))
            .Variant("Fitted forecast", "9 evaluations", FittedPlan.Sampler(network, "dit-forecast9"));
        Add("Adaptive guidance", "γ̄ 0.999, held", new AdaptiveGuidance(0.999) { Tail = GuidanceTail.HoldDelta });
        Add("Stack", "EasyCache × guidance", new EasyCache(0.01) { Reuse = Quantity.Output }, new AdaptiveGuidance(0.999));
        Add("Stack", "forecast × guidance", new IntervalForecast(4, Order: 2), new AdaptiveGuidance(0.999) { Tail = GuidanceTail.HoldDelta });

        // Fresh noise at each change of resolution draws another picture: its class tells more than its distance from the baseline's.
        // What is stacked on the stages is compared with them, and with the same stages of fewer steps.
        var stages = new Bottleneck([new(1, 10), new(0.5, 30, 0.8), new(1, 16, 0.5)]);
        var staged = Staged(stages);
        comparison
            .Variant("Bottleneck", "10 + 24 half-size + 8 steps", staged)
            .Variant("Bottleneck", "6 + 16 half-size + 5 steps", Staged(new([new(1, 6), new(0.5, 20, 0.8), new(1, 10, 0.5)])))
            .Variant(
                "Stack in stages",
                "line, guidance held",
                Staged(stages, new Cached(Where.Network, new InputOutputDrift(0.02, Warmup: 4), How.Linear(Abscissa.LogSnr)), new AdaptiveGuidance(0.999) { Tail = GuidanceTail.HoldDelta }),
                staged)
            .Variant("Stack in stages", "forecast every 3rd", Staged(stages, new IntervalForecast(3, Order: 2)), staged);
        foreach (var share in new[] { 0.75, 0.5, 0.33 })
        {
            var fewer = Staged(stages.WithSteps(share));
            comparison.Control($"{fewer.Steps} staged steps", fewer, staged);
        }

        // 256 tokens are too few for these to gain time: what they keep of the picture is what is shown.
        Add("Token merging", "10 %", new ToMeSD(0.1));
        Add("Grouped attention", "rows and columns of 4 × 4 below noise 0.5", new GratX { GroupHeight = 4, GroupWidth = 4, Crossover = 0, DenseAbove = 0.5 });
        Add("Stack", "grouped attention × forecast", new GratX { GroupHeight = 4, GroupWidth = 4, Crossover = 0, DenseAbove = 0.5 }, new IntervalForecast(3, Order: 2));

        return comparison.Controls(steps => Plain(steps), ControlSteps);

        Sampler Plain(int steps, params IReadOnlyList<IStrategy> strategies)
        {
            // A comparison counts broken pictures, and goes on.
            var builder = Sampler.For(network).Ddim(steps).Guidance(GuidanceScale).OnNonFinite(NonFinite.Ignore);
            foreach (var strategy in strategies)
            {
                builder.Use(strategy);
            }

            return builder.Build();
        }

        Sampler Staged(Bottleneck stages, params IReadOnlyList<IStrategy> strategies) =>
            strategies.Aggregate(Sampler.For(network).Bottleneck(stages.Stages).Guidance(GuidanceScale).OnNonFinite(NonFinite.Ignore), (b, s) => b.Use(s)).Build();

        void Add(string group, string label, params IReadOnlyList<IStrategy> strategies) =>
            comparison.Variant(group, label, Plain(BaselineSteps, strategies));
    }
}
