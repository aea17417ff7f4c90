using System.Reflection;

namespace Acceleration.Tests.Plans;

/// <summary>Whatever the library has becomes the same again from JSON and from its tag. Types are found by reflection: none can be forgotten.</summary>
public sealed class RoundTripTests
{
    private const int Draws = 100;

    private static readonly Type[] Families = [typeof(IStrategy), typeof(ISolver), typeof(IGrid), typeof(IStaging), typeof(IWhen), typeof(IHow), typeof(IForecast), typeof(IRangeRule)];

    /// <summary>Every public type that can stand in a plan, and the two records that stand there alone.</summary>
    public static TheoryData<Type> Types =>
        [.. typeof(IStrategy).Assembly.GetTypes().Where(t => t is { IsAbstract: false, IsInterface: false } && IsVisible(t) && Families.Any(f => f.IsAssignableFrom(t))), typeof(SampleClip), typeof(Calibration)];

    [Theory]
    [MemberData(nameof(Types))]
    public void AnEntryHasAllItsAttributes(Type type)
    {
        Assert.True(type.IsDefined(typeof(EntryAttribute), false), $"{type.Name} can stand in a plan: put [Entry(\"{char.ToLowerInvariant(type.Name[0])}{type.Name[1..]}\", \"TAG\")] on it, or make it internal.");
        foreach (var parameter in Drawn.Parameters(type))
        {
            Assert.True(parameter.IsDefined(typeof(InTagAttribute)), $"{type.Name}.{parameter.Name} is a parameter: put [InTag(\"key\")] on it, and its range if it has one, so that plans and tags hold it.");
        }

        Assert.Contains(type, PlanVocabulary.Default.Types);
    }

    [Fact]
    public void NoStrategyIsHidden() =>
        Assert.All(
            typeof(IStrategy).Assembly.GetTypes().Where(t => t is { IsAbstract: false, IsInterface: false, IsNested: false } && typeof(IStrategy).IsAssignableFrom(t)),
            t => Assert.True(t.IsPublic, $"{t.Name} is a strategy that nobody outside could name."));

    [Theory]
    [MemberData(nameof(Types))]
    public void AnEntryDrawnAtRandomIsTheSameAgain(Type type)
    {
        var drawn = new Drawn(new(17));
        for (var i = 0; i < Draws; i++)
        {
            var entry = drawn.Entry(type);
            var plan = Holding(entry);

            var fromJson = AccelerationPlan.FromJson(plan.ToJson());
            Assert.True(plan.Equals(fromJson), $"{entry} was read from JSON as {fromJson}:\n{plan.ToJson()}");

            var text = plan.Text;
            Assert.Matches("^[A-Za-z0-9.,:+_=^/@%-]+$", text);
            var fromTag = AccelerationPlan.Parse(text);
            Assert.True(plan.Equals(fromTag), $"{entry}, {text} was read as {fromTag.Text}");
            Assert.Equal(text, fromTag.Text);
            Assert.Equal(plan.Hash, fromTag.Hash);
            Assert.Equal(plan.GetHashCode(), fromTag.GetHashCode());
            Assert.Equal(plan.ToJson(), fromTag.ToJson());
        }
    }

    [Fact]
    public void WholePlansDrawnAtRandomAreTheSameAgain()
    {
        var random = new Random(5);
        var drawn = new Drawn(random);
        var cited = 0;
        Type[] Of<T>() => [.. PlanVocabulary.Default.Types.Where(typeof(T).IsAssignableFrom)];
        T Any<T>() => (T)drawn.Entry(Of<T>()[random.Next(Of<T>().Length)]);
        T? Maybe<T>()
            where T : class => random.Next(2) == 0 ? Any<T>() : null;

        for (var i = 0; i < Draws; i++)
        {
            var staging = random.Next(3) == 0 ? Any<IStaging>() : null;
            var solver = Maybe<ISolver>();
            var plan = AccelerationPlan.Of([.. Enumerable.Range(0, random.Next(4)).Select(_ => Any<IStrategy>())]) with
            {
                Solver = solver,
                Schedule = staging is null ? Maybe<IGrid>() : null,
                Stages = staging,
                Clip = solver is null ? null : Maybe<SampleClip>(),
                SeparateBranches = random.Next(2) == 0,
                Calibration = Maybe<Calibration>(),
            };

            Assert.Equal(plan, AccelerationPlan.FromJson(plan.ToJson()));
            Assert.Equal(plan, AccelerationPlan.Parse(plan.Text));
            Assert.True(plan.Tag.Length <= AccelerationPlan.LongestTag);
            cited += plan.Tag.StartsWith("plan.json@", StringComparison.Ordinal) ? 1 : 0;
        }

        Assert.InRange(cited, 1, Draws - 1);
    }

    [Fact]
    public void TagsAreShort()
    {
        Assert.Equal("EC0.05", new EasyCache(0.05).Tag);
        Assert.Equal("EC0.02w4", new EasyCache(0.02, 4).Tag);
        Assert.Equal("EC0.1t2m3out", (new EasyCache(0.1) { Tail = 2, MaxSkip = 3, Reuse = Quantity.Output }).Tag);
        Assert.Equal("AG0.999x0", new AdaptiveGuidance().Tag);
        Assert.Equal("AG0.991eps", AdaptiveGuidance.Paper.Tag);
        Assert.Equal("TM0.5", new ToMeSD().Tag);
        Assert.Equal("TM0.25fixed:attn.ff", (new ToMeSD(0.25) { Random = false, Parts = MergedParts.Attention | MergedParts.FeedForward }).Tag);
        Assert.Equal("SF0.3.11.18o2", new StepForecast([0, 3, 11, 18], 2).Tag);
        Assert.Equal("CFG2", new ClassifierFreeGuidance(2).Tag);
        Assert.Equal("DD2x6b12", new DeltaDiT(2, 6, 12).Tag);
        Assert.Equal("IF3o2:network,@snr", (new IntervalForecast(3, 2) { Where = Where.Network, Over = Abscissa.LogSnr }).Tag);
        Assert.Equal("C:network:drift0.02w4:out^1@snr", new Cached(Where.Network, new InputOutputDrift(0.02, 4), How.Linear(Abscissa.LogSnr)).Tag);
        Assert.Equal("C:attention@1-:every3:res", new Cached(Where.Attention.InBlocks(1), new Interval(3), How.LastResidual).Tag);
        Assert.Equal("C:chain:every2:res/ends6rear", (new DeltaDiT(2, 6) { End = CachedEnd.Rear }).Parts[0].Tag);
    }

    [Fact]
    public void APlanFromCodeFromJsonAndFromTheCommandLineIsOne()
    {
        var code = AccelerationPlan.Of(new EasyCache(0.05), new AdaptiveGuidance(0.999), new ClassifierFreeGuidance(2)) with
        {
            Solver = new Ddim(),
            Schedule = new DdimGrid(50) { Spacing = TimestepSpacing.Trailing },
            Clip = new(),
        };
        const string json = """
            {
              "version": 1,
              "solver": "ddim",
              "schedule": { "ddim": { "steps": 50, "spacing": "trailing" } },
              "clip": {},
              "guidance": [ { "adaptiveGuidance": {} }, { "cfg": { "scale": 2 } } ],
              "strategies": [ { "easycache": { "threshold": 0.05 } } ]
            }
            """;

        Assert.Equal("ddim50trailing+clip1+AG0.999x0+CFG2+EC0.05", code.Tag);
        Assert.Equal(code, AccelerationPlan.FromJson(json));
        Assert.Equal(code, AccelerationPlan.Parse("ddim50trailing+clip1+EC0.05+AG.999x0+CFG2"));
    }

    private static bool IsVisible(Type type) => type.IsPublic;

    private static AccelerationPlan Holding(object entry) => entry switch
    {
        IStrategy strategy => AccelerationPlan.Of(strategy),
        ISolver solver => new() { Solver = solver, Schedule = new FlowGrid(7) },
        IGrid grid => new() { Solver = new Ddim { Eta = 0.5 }, Schedule = grid },
        IStaging staging => new() { Stages = staging },
        SampleClip clip => new() { Solver = new Ddim(), Clip = clip },
        Calibration calibration => new() { Calibration = calibration },
        IWhen decision => AccelerationPlan.Of(new Cached(Where.Cut(2), decision, How.LastResidual) { Range = new FrontRearRange(2) }),
        IHow how => AccelerationPlan.Of(new Cached(Where.Chain, new Interval(2), how) { Range = new FrontRearRange(2) }),
        IForecast forecast => AccelerationPlan.Of(new Cached(Where.Chain, new Interval(2), new How(Quantity.Residual, forecast, Abscissa.Step)) { Range = new FrontRearRange(2) }),
        IRangeRule range => AccelerationPlan.Of(new Cached(Where.Chain, new AtSteps(0, 4), How.Linear()) { Range = range }),
        _ => throw new NotSupportedException($"Say here where in a plan a {entry.GetType().Name} stands."),
    };
}
