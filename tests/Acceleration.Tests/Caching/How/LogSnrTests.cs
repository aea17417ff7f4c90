using Acceleration.Tests.Toys;

namespace Acceleration.Tests.Caching;

/// <summary>The log-SNR of levels without noise or without signal.</summary>
public sealed class LogSnrTests
{
    [Fact]
    public void AnInfiniteEndLiesOneDistanceBeyondItsNeighbour()
    {
        var grid = Flow(1, 0.75, 0.5, 0.25, 0);
        double[] inner = [-2 * Math.Log(3), 0, 2 * Math.Log(3)];
        Assert.Equal([inner[0] - (inner[1] - inner[0]), .. inner, inner[2] + (inner[2] - inner[1])], [.. grid.Points.Add(grid.Targets[^1]).Select((p, i) => Of(grid, i, p))], (a, b) => Math.Abs(a - b) < 1e-6);
    }

    [Fact]
    public void FiniteLevelsStayAsTheyAre()
    {
        var grid = Flow(0.999999f, 0.5f, 1e-6f);
        Assert.Equal(grid.Points[0].LogSnr, Of(grid, 0, grid.Points[0]));
        Assert.True(Of(grid, 0, new(0, 1, 1e-30f)) > 100);
    }

    [Fact]
    public void ScheduleOrderDoesNotMatter()
    {
        var grid = Flow(0, 0.25, 0.5, 0.75, 1);
        Assert.Equal(-4 * Math.Log(3), Of(grid, 0, new(1000, 0, 1)), 1e-6);
        Assert.Equal(4 * Math.Log(3), Of(grid, 0, new(0, 1, 0)), 1e-6);
    }

    [Fact]
    public void WithoutADistanceAnyWillDo()
    {
        Assert.Equal((-1, 1), (Of(Flow(1, 0), 0, new(1, 0, 1)), Of(Flow(1, 0), 0, new(0, 1, 0))));
        Assert.Equal(-1, Of(Flow(1, 0.5, 0), 0, new(1, 0, 1)));
    }

    [Fact]
    public void AFlowsFirstLineIsNotFlat()
    {
        // What is linear in log-SNR from the second step on is met after the first two.
        var grid = Flow(1, 0.8, 0.6, 0.4, 0.2, 0);
        var nodes = new[] { Of(grid, 1, grid.Points[1]), Of(grid, 0, grid.Points[0]) };
        var weights = new Polynomial(1).Weights(nodes, Of(grid, 2, grid.Points[2]));
        Assert.Equal([2, -1], weights, (a, b) => Math.Abs(a - b) < 1e-6);
    }

    [Fact]
    public void AFlowIsContinuedOverLogSnr()
    {
        // Step 2 is made from steps 0 and 1, of which the first has no signal: a line over it is better than the last value, as it would not be with that far away.
        using var network = Toy.LinearInTime(0.4, -1.5);
        Sampler Of(IStrategy? s)
        {
            var builder = Sampler.For(network).FlowEuler(12);
            return (s is null ? builder : builder.Use(s)).Build();
        }

        var (plain, _) = Toy.Run(Of(null));
        double Error(IForecast forecast) => plain.Zip(Toy.Run(Of(new Cached(Where.Prediction, new AtSteps(0, 1, 3, 4, 5, 6, 7, 8, 9, 10, 11), new How(Quantity.Output, forecast, Abscissa.LogSnr)))).Values, (a, b) => Math.Abs((double)a - b)).Max();
        Assert.True(Error(new Polynomial(1)) < 0.6 * Error(new Polynomial(0)), $"{Error(new Polynomial(1))} against {Error(new Polynomial(0))}");
    }

    private static double Of(Schedule grid, int step, GridPoint at) => Abscissa.LogSnr.Of(new(0, step, 0, grid, at));

    private static Schedule Flow(params double[] sigmas) => Schedule.Through("flow", [.. sigmas.Select(s => new GridPoint(1000 * s, 1 - (float)s, (float)s))]);
}
