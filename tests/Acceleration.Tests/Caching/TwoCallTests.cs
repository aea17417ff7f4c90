using Acceleration.Tests.Toys;
using Acceleration.Tool;

namespace Acceleration.Tests.Caching;

/// <summary>Solvers that ask the network twice in a step: what is remembered is kept apart by call.</summary>
public sealed class TwoCallTests
{
    [Fact]
    public void AForecastOfEachCallIsExactOnANetworkLinearInTime()
    {
        using var network = Toy.LinearInTime(0.4, -1.5);
        Sampler Make(params IStrategy[] s) => s.Aggregate(Sampler.For(network).Solve(new Heun(), Grid(9)), (b, x) => b.Use(x)).Build();
        var (plain, full) = Toy.Run(Make(), 2);

        var (values, trace) = Toy.Run(Make(new IntervalForecast(3)), 2);

        Close.All(plain, values);
        Assert.Equal(17, full.Evaluations);
        // Steps 0, 1, 2, 5 and 8; the last has one call.
        Assert.Equal(9, trace.Evaluations);
    }

    [Fact]
    public void DriftIsMeasuredBetweenEqualCalls()
    {
        using var network = Toy.Affine(1, 0.3);
        Sampler Make(params IStrategy[] s) => s.Aggregate(Sampler.For(network).Solve(new Heun(), Grid(9)), (b, x) => b.Use(x)).Build();
        var (plain, _) = Toy.Run(Make());

        var easy = new WatchedStrategy(new EasyCache(double.PositiveInfinity, 2));
        var (values, trace) = Toy.Run(Make(easy));

        Close.All(plain, values);
        Assert.Equal((2 * 2) + 1, trace.Evaluations);
        Assert.Equal(17, trace.Steps.Sum(s => s.Decisions.Count));
    }

    [Fact]
    public void ABlockRangeIsReusedByCall()
    {
        using var network = new SiteToy(adds: true);
        Sampler Make(params IStrategy[] s) => s.Aggregate(Sampler.For(network).Solve(new Heun(), Grid(9)), (b, x) => b.Use(x)).Build();
        var (plain, _) = Toy.Run(Make());
        network.Calls.Clear();

        var (values, _) = Toy.Run(Make(new DeltaDiT(2, 3)));

        Close.All(plain, values);
        Assert.Equal(17 - (4 * 2), network.CountOf("blocks.0"));
        Assert.Equal(17, network.CountOf("network"));
    }

    internal static Schedule Grid(int steps) => FlowSchedule.FromSigmas([.. Enumerable.Range(0, steps).Select(k => 1 - ((double)k / steps))], FlowShift.Static(1));

    /// <summary>Heun's method on a flow: Euler, then the mean of both ends; the last step is Euler's.</summary>
    internal sealed class Heun : ISolver
    {
        public string Name => "heun";

        public int Calls(Schedule grid, int step) => step == grid.Steps - 1 ? 1 : 2;

        public SolverInput Input(in SolverState state, Schedule grid, int step, int call)
        {
            var at = call == 0 ? grid.Points[step] : grid.Targets[step];
            var x = call == 0 ? state.Latents : state.History[1] + (state.History[0] * (at.Sigma - grid.Points[step].Sigma));
            return new(x, x, at);
        }

        public SolverUpdate Step(in SolverState state, Schedule grid, int step, int call, Prediction now)
        {
            var delta = grid.Targets[step].Sigma - grid.Points[step].Sigma;
            if (call == 1)
            {
                var mean = state.History[1] + ((state.History[0] + now.Output) * (delta / 2));
                return new(mean, null, SolverState.Start(mean));
            }

            var euler = state.Latents + (now.Output * delta);
            return new(euler, null, Calls(grid, step) == 1 ? SolverState.Start(euler) : new(euler, [now.Output, state.Latents.alias()]));
        }
    }
}
