namespace Acceleration.Tests.Caching.Methods;

/// <summary>Tags as the list of strategies shows them.</summary>
public sealed class MethodTagTests
{
    public static TheoryData<string, IStrategy> Tags => new()
    {
        { "DB0.08kfast", new DBCache { Mask = Scm.Fast } },
        { "FBC0.08i", new FirstBlockCache(0.08) { Inclusive = true } },
        { "SPE0.3late", new SpeCa(0.3) { Published = true } },
        { "UC1cg", new UCache { SinceComputed = true, ByComputed = true } },
        { "DB0.08v2", new DBCache { WarmupInterval = 2 } },
        { "PRUNE0.08r1.25u0.2", new DBPrune { Relax = 1.25, MostRelaxed = 0.2 } },
        { "INVAR:attention,at0.3.7", new InvarDiff([new(Where.Attention, [0, 3, 7])]) },
        { "FOCA5", new FoCa(5) },
        { "SCALE0.05f0.8/0.6", new ScalingCache(0.05, [0.8, 0.6]) },
        { "PRUNE0.08", new DBPrune() },
        { "BW0.1", new BWCache(0.1) },
        { "LEMICA0.3.9", new LeMiCa([0, 3, 9]) },
        { "LPb3.5", new LayerPruning([3, 5]) },
        { "C:chain:every3:modesres", new Cached(Where.Chain, new Interval(3), new DynamicModes(Quantity.Residual)) },
    };

    [Theory]
    [MemberData(nameof(Tags))]
    public void TheTagIsTheStrategysAndReadAgain(string tag, IStrategy strategy)
    {
        Assert.Equal(tag, strategy.Tag);
        Assert.Equal(strategy, AccelerationPlan.Parse($"flow-euler10+{tag}").Strategies[0]);
    }
}
