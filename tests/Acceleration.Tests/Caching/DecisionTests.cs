namespace Acceleration.Tests.Caching;

public sealed class DecisionTests
{
    [Theory]
    [InlineData(1, 1, true, "C C C C C C C C")]
    [InlineData(2, 1, true, "C s C s C s C C")]
    [InlineData(2, 1, false, "C s C s C s C s")]
    [InlineData(3, 1, true, "C s s C s s C C")]
    [InlineData(3, 3, true, "C C C s s C s C")]
    [InlineData(100, 2, false, "C C s s s s s s")]
    public void AnIntervalCountsFromTheLastOfItsWarmup(int every, int warmup, bool forceLast, string expected)
    {
        var interval = new Interval(every, warmup, forceLast);
        Assert.Equal(expected.Split(' '), Enumerable.Range(0, 8).Select(i => interval.Skips(Steps.At(i, 8)) ? "s" : "C"));
    }

    [Fact]
    public void AStepSetComputesExactlyItsSteps()
    {
        var steps = new AtSteps(0, 2, 3, 6);
        Assert.Equal([0, 2, 3, 6], Enumerable.Range(0, 8).Where(i => !steps.Skips(Steps.At(i, 8))));
        Assert.Equal(steps, new AtSteps(0, 2, 3, 6));
        Assert.NotEqual(steps, new AtSteps(0, 2, 3));
    }

    [Fact]
    public void SettingsOutsideTheirRangeAreRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new Interval(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Interval(2, 0));
        Assert.Throws<ArgumentException>(() => new AtSteps());
        Assert.Throws<ArgumentException>(() => new AtSteps(1, 2));
        Assert.Throws<ArgumentException>(() => new AtSteps(0, 3, 3));
        Assert.Throws<ArgumentException>(() => new StepForecast([2, 1]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new InputOutputDrift(-0.1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new InputOutputDrift(double.NaN));
        Assert.Throws<ArgumentOutOfRangeException>(() => new InputOutputDrift(0.1, -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new InputOutputDrift(0.1, Tail: -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new EasyCache(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new EasyCache(0.1, -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new DeltaDiT(0, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new DeltaDiT(2, -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new DeltaDiT(2, 1, -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new IntervalForecast(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new IntervalForecast(2, 2, Warmup: 2));
    }

    /// <summary>Constructors, initialisers and <c>with</c> have the same limits.</summary>
    [Fact]
    public void WithRefusesWhatConstructorsRefuse()
    {
        object[] all =
        [
            new EasyCache(0.1, 3), new DeltaDiT(2, 4, 12), new IntervalForecast(2, 1, 4), new StepForecast([0, 1]), new AdaptiveGuidance(0.9), new ClassifierFreeGuidance(2, 3),
            new ToMeSD(), new Interval(2), new InputOutputDrift(0.1, 3), new Polynomial(1),
        ];
        var tried = 0;
        foreach (var settings in all)
        {
            foreach (var property in settings.GetType().GetProperties().Where(p => p.CanWrite && Nullable.GetUnderlyingType(p.PropertyType) is var t && (t ?? p.PropertyType) is var n && (n == typeof(int) || n == typeof(double))))
            {
                var wrong = (Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType) == typeof(int) ? (object)int.MinValue : double.NaN;
                var copy = settings.GetType().GetMethod("<Clone>$")!.Invoke(settings, null);
                var error = Assert.Throws<System.Reflection.TargetInvocationException>(() => property.SetValue(copy, wrong));
                Assert.Equal(property.Name, Assert.IsType<ArgumentOutOfRangeException>(error.InnerException).ParamName);
                tried++;
            }
        }

        Assert.True(tried >= 18, $"{tried}");
        Assert.Throws<ArgumentException>(() => new StepForecast([0, 1]) { Steps = [1] });
        Assert.Throws<ArgumentOutOfRangeException>(() => (new IntervalForecast(2) { Order = 3, Warmup = 1 }).Needs);
    }

    [Fact]
    public void DistinctSettingsHaveDistinctTags()
    {
        IStrategy[] all =
        [
            new EasyCache(0.1), new EasyCache(0.1, 3), new EasyCache(0.1, 3) { Tail = 2 }, new EasyCache(0.1) { MaxSkip = 2 }, new EasyCache(0.1) { Reuse = Quantity.Output },
            new EasyCache(1e-7), new EasyCache(2e-7), new EasyCache(0),
            new DeltaDiT(2, 4), new DeltaDiT(2, 4, 12), new DeltaDiT(2, 4, 12) { ForceLast = false }, new DeltaDiT(2, 4) { End = CachedEnd.Rear }, new DeltaDiT(2, 4) { End = CachedEnd.Front },
            new DeltaDiT(2, 41), new DeltaDiT(24, 1),
            new IntervalForecast(2), new IntervalForecast(2, 2), new IntervalForecast(2, 1, 4), new IntervalForecast(2) { Over = Abscissa.LogSnr },
            new IntervalForecast(2) { Where = Where.Network }, new IntervalForecast(2) { Where = Where.Blocks, Over = Abscissa.Step },
            new StepForecast([0, 1, 4]), new StepForecast([0, 14]), new StepForecast([0, 1, 4], 2), new StepForecast([0, 1, 4]) { Where = Where.Network },
            new Cached(Where.Chain, new Interval(2), How.LastResidual), new Cached(Where.Chain, new Interval(2), How.LastResidual) { Range = new DeltaDiT(2, 1).Parts[0].Range },
            new Cached(Where.Chain, new Interval(2), How.LastResidual) { Range = new DeltaDiT(2, 2).Parts[0].Range }, new Cached(Where.Chain, new Interval(2, 2), How.LastResidual),
            new Cached(Where.Chain, new Interval(2), How.LastValue), new Cached(Where.Chain, new Interval(2), How.Linear()), new Cached(Where.Chain, new Interval(2), How.Linear(Abscissa.Step)),
            new AdaptiveGuidance(0.9999999), new AdaptiveGuidance(0.99999999), new AdaptiveGuidance(0.9) { Space = MetricSpace.Epsilon }, new AdaptiveGuidance(0.9) { Warmup = 2 },
            new AdaptiveGuidance(0.9) { Tail = GuidanceTail.HoldDelta }, new AdaptiveGuidance(0.9) { Tail = GuidanceTail.ExtrapolateDelta }, new AdaptiveGuidance(0.9) { Consensus = Consensus.BatchMin },
            new AdaptiveGuidance(0.9), new AdaptiveGuidance(0.9) { Space = MetricSpace.Velocity }, new AdaptiveGuidance(0.9) { Space = MetricSpace.ModelOutput },
            new ToMeSD(), new ToMeSD(0.25), new ToMeSD { StrideX = 4 }, new ToMeSD { StrideY = 4 }, new ToMeSD { Random = false }, new ToMeSD { Seed = 3 }, new ToMeSD { MaxDownsample = 2 },
            new ToMeSD { Every = 2 }, new ToMeSD { Parts = MergedParts.FeedForward }, new ToMeSD { Parts = MergedParts.Attention | MergedParts.CrossAttention },
            new ClassifierFreeGuidance(2), new ClassifierFreeGuidance(2.00001), new ClassifierFreeGuidance(2, 3), new ClassifierFreeGuidance(-2),
        ];

        Assert.Empty(all.GroupBy(s => s.Tag).Where(g => g.Count() > 1).Select(g => g.Key));
        Assert.All(all, s => Assert.DoesNotContain(' ', s.Tag));
    }
}
