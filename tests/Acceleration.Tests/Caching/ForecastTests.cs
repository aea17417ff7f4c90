using Acceleration.Tests.Toys;

namespace Acceleration.Tests.Caching;

public sealed class ForecastTests
{
    [Fact]
    public void ALineIsExactOnANetworkLinearInTimeOverUnevenSteps()
    {
        using var network = Toy.LinearInTime(0.4, -1.5);
        Assert.True(Error(network, new IntervalForecast(3)) < 1e-5);
        // Over the step index those times lie unevenly: the abscissa matters.
        Assert.True(Error(network, new IntervalForecast(3) { Over = Abscissa.Step }) > 1e-3);
        Assert.True(Error(network, new IntervalForecast(3, 0)) > 1e-2);
    }

    [Fact]
    public void AParabolaIsExactOnANetworkQuadraticInTime()
    {
        using var network = Toy.QuadraticInTime(0.4, -1.5, 2);
        Assert.True(Error(network, new IntervalForecast(3, 2)) < 1e-5);
        Assert.True(Error(network, new StepForecast([0, 1, 2, 4, 8], 2)) < 1e-5);
        Assert.True(Error(network, new IntervalForecast(3, 1)) > 1e-3);
    }

    [Theory]
    [InlineData("prediction")]
    [InlineData("network")]
    public void EveryOrderIsExactOnAConstantNetwork(string where)
    {
        using var network = Toy.Constant(0.7);
        for (var order = 0; order <= 4; order++)
        {
            Assert.True(Error(network, new IntervalForecast(2, order) { Where = Where.Parse(where) }) < 1e-4, $"order {order}");
        }
    }

    [Fact]
    public void TheLogSnrStaysFiniteAtTheEnds()
    {
        // A flow starts at alpha 0; its logSNR there is minus infinity.
        using var network = Toy.LinearInTime(0.4, -1.5);
        Assert.True(Error(network, new IntervalForecast(2, 2) { Over = Abscissa.LogSnr }) < 1);
    }

    [Theory]
    [InlineData(3, 1, null, "CCCssCssCC")]
    [InlineData(3, 1, 2, "CCssCssCsC")]
    [InlineData(2, 3, null, "CCCCsCsCsC")]
    [InlineData(1, 4, null, "CCCCCCCCCC")]
    public void AnIntervalForecastEvaluatesItsStartEveryNthStepAndTheLast(int every, int order, int? warmup, string expected)
    {
        using var network = new ChainToy();
        var (_, trace) = Toy.Run(Sampler.For(network).FlowEuler(10).Use(new IntervalForecast(every, order, warmup)).Build());
        Assert.Equal(expected, EasyCacheTests.Skips(trace));
        Assert.Equal(expected.Count(c => c == 'C'), trace.Evaluations);
        Assert.Equal(TestDevice.FiniteReads, trace.HostReads);
    }

    [Fact]
    public void AStepForecastEvaluatesExactlyItsSteps()
    {
        using var network = new ChainToy();
        var (_, trace) = Toy.Run(Sampler.For(network).FlowEuler(10).Guidance(2).Use(new StepForecast([0, 3, 4, 7])).Build(), 2);
        Assert.Equal("CssCCssCss", EasyCacheTests.Skips(trace));
        Assert.Equal(2 * 4, trace.Evaluations);
    }

    [Fact]
    public void TimesThatCoincideLowerTheOrder()
    {
        // Two steps at one time, as in schedules that begin with a repeated timestep.
        var times = new[] { 900.0, 900, 700, 500, 300, 100 };
        var grid = Schedule.Through("repeated", [.. times.Append(0).Select(t => new GridPoint(t, 1 - (float)(t / 1000), (float)(t / 1000)))]);
        using var network = Toy.LinearInTime(0.4, -1.5);
        var builder = Sampler.For(network).Solve(new FlowEuler(), grid);
        var (plain, _) = Toy.Run(builder.Build());
        var (values, _) = Toy.Run(Sampler.For(network).Solve(new FlowEuler(), grid).Use(new StepForecast([0, 1, 2, 4], 1)).Build());
        Close.All(plain, values);

        var (repeated, _) = Toy.Run(Sampler.For(network).Solve(new FlowEuler(), grid).Use(new StepForecast([0, 1, 3, 4, 5], 1)).Build());
        Assert.All(repeated, v => Assert.True(float.IsFinite(v)));
    }

    private static double Error(IDenoiser network, IStrategy strategy)
    {
        Sampler Make(IStrategy? s) => (s is null ? Builder() : Builder().Use(s)).Build();
        SamplerBuilder Builder() => Sampler.For(network).FlowEuler(11, shift: 3).Guidance(1.5);
        var (plain, _) = Toy.Run(Make(null), 2);
        var (values, trace) = Toy.Run(Make(strategy), 2);
        Assert.True(trace.Evaluations < trace.FullEvaluations);
        return plain.Zip(values, (a, b) => Math.Abs((double)a - b)).Max();
    }
}
