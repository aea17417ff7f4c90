using Acceleration.Tests.Caching;
using Acceleration.Tests.Toys;
using static TorchSharp.torch;

namespace Acceleration.Tests.Docs;

/// <summary>The approximations and the statistic of docs/your-own-strategy.md; what holds for all strategies is tested with them.</summary>
public sealed class TurnCacheTests
{
    private const int Steps = 12;

    [Fact]
    public void ItSkipsWhereTheOutputKeepsItsDirection()
    {
        string Of(TurnCache cache, Func<int, double> heading)
        {
            using var network = Walking(heading);
            return EasyCacheTests.Skips(Run(network, cache).Trace);
        }

        Assert.Equal("CCCCsssCsssC", Of(new(), _ => 0));
        Assert.Equal("CCCCCCCCCCCC", Of(new(), k => k % 2 * Math.PI));
        Assert.Equal("CCCCCCCCCCCC", Of(new(0), _ => 0.3));

        // Steps 4 to 7 turn: the change over them and the one before it are not alike, nor that and the next.
        Assert.Equal("CCCCsssCCsss"[..9], Of(new(), k => k < 5 ? 0 : Math.PI / 2)[..9]);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0.5)]
    [InlineData(0.99)]
    public void AverageOfChangesIsExactForLines(double beta)
    {
        using var network = Walking(_ => 0.7);
        var (outputs, trace) = Run(network, new Cached(Where.Network, new Interval(3, 2), new AveragedChange(beta)));

        Assert.Contains('s', EasyCacheTests.Skips(trace));
        Close.All(Run(network).Outputs, outputs, 1e-5);
    }

    /// <summary>The recurrence computed here in float64, step by step.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(0.4)]
    [InlineData(0.9)]
    public void TheAverageIsTheFormula(double beta)
    {
        static double Heading(int k) => Math.Sin(k);
        using var network = Walking(Heading);
        var (outputs, trace) = Run(network, new Cached(Where.Network, new Interval(3, 4), new AveragedChange(beta)));

        var (path, expected) = (Path(Heading), new List<float>());
        (double X, double Y) mean = default, last = default;
        var at = -1;
        foreach (var (skips, k) in EasyCacheTests.Skips(trace).Select((c, k) => (c == 's', k)))
        {
            if (skips)
            {
                expected.AddRange([(float)(last.X + ((k - at) * mean.X)), (float)(last.Y + ((k - at) * mean.Y))]);
                continue;
            }

            var kept = at < 1 ? 0 : beta;
            mean = at < 0 ? default : ((kept * mean.X) + ((1 - kept) * (path[k].X - last.X) / (k - at)), (kept * mean.Y) + ((1 - kept) * (path[k].Y - last.Y) / (k - at)));
            (last, at) = (path[k], k);
            expected.AddRange([(float)last.X, (float)last.Y]);
        }

        Assert.Equal(5, EasyCacheTests.Skips(trace).Count(c => c == 's'));
        Close.All([.. expected], outputs, 1e-5);
    }

    [Fact]
    public void WithoutAveragingItIsTheLineThroughTheLastTwo()
    {
        using var network = new ChainToy();
        float[] Of(IHow how) => Toy.Run(Sampler.For(network).FlowEuler(Steps).Guidance(2).Use(new Cached(Where.Network, new Interval(3, 2), how)).Build(), 2).Values;

        Close.All(Of(How.Linear(Abscissa.LogSnr)), Of(new AveragedChange(0) { Over = Abscissa.LogSnr }), 1e-5);
        Assert.NotEqual(Of(How.Linear(Abscissa.LogSnr)), Of(new AveragedChange(0.5) { Over = Abscissa.LogSnr }));
        Close.All(Of(How.Linear(Abscissa.Time)), Of(new How(Quantity.Output, new EasedLine(1), Abscissa.Time)), 1e-5);
        Close.All(Of(How.LastValue), Of(new How(Quantity.Output, new EasedLine(0))), 1e-5);
    }

    /// <summary>The state is float32, what is made has the type of the network's output.</summary>
    [Fact]
    public void HalfPrecisionAveragesInFloat32()
    {
        using var network = Walking(_ => 0, ScalarType.BFloat16);
        var (outputs, trace) = Run(network, new Cached(Where.Network, new Interval(3, 2), new AveragedChange()));

        Assert.Equal(Run(network).Outputs, outputs);
        Assert.Equal((2 * 2) + (2 * 4), trace.Steps[^1].CacheBytes);
    }

    [Theory]
    [InlineData("turn0.1")]
    [InlineData("turn0.05:chain")]
    [InlineData("C:network:every3:avg0.25@snr")]
    [InlineData("C:chain:steady0.1m2:avg0res")]
    [InlineData("C:network:every3:out^eased0.3")]
    public void TagsGiveThemBack(string tag)
    {
        var vocabulary = PlanVocabulary.Default.With<TurnCache>().With<SteadyTurn>().With<AveragedChange>().With<EasedLine>();
        var plan = AccelerationPlan.Parse($"flow-euler10+{tag}", vocabulary);
        Assert.Equal(tag, Assert.Single(plan.Strategies).Tag);
        Assert.Equal(plan.Strategies[0], Assert.Single(AccelerationPlan.FromJson(plan.ToJson(), vocabulary).Strategies));
    }

    private static (float[] Outputs, Trace Trace) Run(IDenoiser network, params IStrategy[] strategies)
    {
        var replay = new Replay([.. Enumerable.Range(0, Steps).Select(_ => zeros([1, 2, 1, 1], network.Info.DType))]);
        var trace = replay.Run(strategies.Aggregate(Sampler.For(network).Solve(replay, replay.Grid), (b, s) => b.Use(s)).Build());
        return ([.. replay.Outputs.SelectMany(o => o)], trace);
    }

    /// <summary>A network whose prediction goes on by a unit in every step.</summary>
    private static IDenoiser Walking(Func<int, double> heading, ScalarType type = ScalarType.Float32)
    {
        var path = Path(heading);
        return Denoiser.From(Toy.Info("walking", PredictionType.Flow, null, 2, 1, 1) with { DType = type }, (x, t, _) =>
        {
            var (px, py) = path[(int)Math.Round(Steps * (1 - (t.Floats()[0] / 1000.0)))];
            return tensor([(float)px, (float)py], device: x.device).to(type).reshape(x.shape);
        });
    }

    private static (double X, double Y)[] Path(Func<int, double> heading)
    {
        var (x, y) = (1.0, -2.0);
        return [.. Enumerable.Range(0, Steps).Select(k => (x += Math.Cos(heading(k)), y += Math.Sin(heading(k))))];
    }
}
