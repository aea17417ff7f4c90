namespace Acceleration.Tests.Docs;

/// <summary>The code of docs/your-own-strategy.md that is not the strategies themselves.</summary>
internal static class OwnStrategyCode
{
    public static IStrategy Mine()
    {
        var mine = new Cached(Where.FeedForward, new Interval(Every: 3, Warmup: 4), How.Linear(Abscissa.LogSnr));
        return mine;
    }

    public static IHow[] Averaged()
    {
        var averaged = new Cached(Where.Network, new Interval(Every: 3, Warmup: 4), new AveragedChange(0.5));
        var eased = new Cached(Where.Network, new Interval(Every: 3, Warmup: 4), new How(Quantity.Residual, new EasedLine(0.5), Abscissa.LogSnr));
        return [averaged.How, eased.How];
    }

    public static AccelerationPlan Read()
    {
        var vocabulary = PlanVocabulary.Default.With<AttentionBroadcast>().With<Window>().With<DirectionCache>().With<DirectionChange>().With<FrozenFeedForward>().With<WarmUpGuidance>();
        var plan = AccelerationPlan.Parse("flow-euler10+AB3from0.2", vocabulary);
        return plan;
    }

    public static Sampler Frozen(IDenoiser network)
    {
        var sampler = Sampler.For(network).FlowEuler(steps: 10).Use(new FrozenFeedForward(3, 7)).Build();
        return sampler;
    }

    public static Sampler Warmed(IDenoiser network)
    {
        var sampler = Sampler.For(network).FlowEuler(steps: 10).Guidance(scale: 3).Use(new WarmUpGuidance(0.4)).Use(new GuidanceRescale(0.7)).Build();
        return sampler;
    }
}
