using Acceleration.Reporting;

namespace Acceleration.Gallery;

/// <summary>What the chapter on the UNet compares.</summary>
internal static class UNetConfigurations
{
    public const string Name = "unet";
    private const int BaselineSteps = 50;
    private const double GuidanceScale = 2;
    private static readonly int[] ControlSteps = [33, 25, 20, 16, 12, 10];

    public static Comparison For(IDenoiser network)
    {
        var comparison = new Comparison($"{BaselineSteps} steps", Plain(BaselineSteps));
        Add("EasyCache", "τ 0.02, 4 warm", new EasyCache(0.02, Warmup: 4));
        Add("EasyCache", "τ 0.05, 4 warm", new EasyCache(0.05, Warmup: 4));
        Add("Forecast", "every 3rd, line", new IntervalForecast(3));
        Add("Forecast", "every 3rd, parabola", new IntervalForecast(3, 2));
        Add("Forecast", "every 5th, parabola", new IntervalForecast(5, 2));

        comparison
            .Variant("Fitted forecast", "20 evaluations", FittedPlan.Sampler(network, "unet-forecast20"))
            .Variant("Fitted forecast", "14 evaluations", FittedPlan.Sampler(network, "unet-forecast14"));

        // Everything below a skip connection from the step before; what lies outside of it is computed in each.
        Add("Cut reuse", "all but the outermost layer, every 2nd", new Cached(Where.Cut(0), new Interval(2), How.LastValue));
        Add("Cut reuse", "all but the outermost layer, every 3rd", new Cached(Where.Cut(0), new Interval(3), How.LastValue));
        Add("Cut reuse", "all but the outermost layer, every 3rd, line", new Cached(Where.Cut(0), new Interval(3), How.Linear()));
        Add("Cut reuse", "the two lower levels, every 3rd, line", new Cached(Where.Cut(2), new Interval(3), How.Linear()));
        Add("Cut reuse", "the lowest level, every 5th", new Cached(Where.Cut(4), new Interval(5), How.LastValue));
        Add("Token merging", "10 %", new ToMeSD(0.1) { MaxDownsample = 2 });
        Add("Token merging", "50 %", new ToMeSD { MaxDownsample = 2 });
        Add("Stack", "cut reuse × guidance", new Cached(Where.Cut(2), new Interval(3), How.LastValue), new AdaptiveGuidance(0.999) { Tail = GuidanceTail.HoldDelta });
        return comparison.Controls(steps => Plain(steps), ControlSteps);

        Sampler Plain(int steps, params IReadOnlyList<IStrategy> strategies) =>
            strategies.Aggregate(Sampler.For(network).FlowEuler(steps).Guidance(GuidanceScale).OnNonFinite(NonFinite.Ignore), (b, s) => b.Use(s)).Build();

        void Add(string group, string label, params IReadOnlyList<IStrategy> strategies) =>
            comparison.Variant(group, label, Plain(BaselineSteps, strategies));
    }
}
