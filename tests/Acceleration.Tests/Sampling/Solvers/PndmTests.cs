using Acceleration.Tests.Core;
using Acceleration.Tests.Toys;
using Acceleration.Tool;
using static TorchSharp.torch;

namespace Acceleration.Tests.Sampling.Solvers;

/// <summary>PNDM and iPNDM against what their published schedulers do, in every form.</summary>
public sealed class PndmTests : CoreTest
{
    private static readonly NoiseTable Table = NoiseTable.Make(BetaSchedule.ScaledLinear, 0.00085, 0.012);

    public static MatrixTheoryData<int, TimestepSpacing, bool, bool> Forms { get; } =
        new([4, 7, 10, 33], [TimestepSpacing.Leading, TimestepSpacing.Linspace, TimestepSpacing.Trailing], [false, true], [false, true]);

    [Theory]
    [MemberData(nameof(Forms))]
    public void EachCallIsThatOfThePublishedScheduler(int steps, TimestepSpacing spacing, bool rungeKutta, bool isVelocity)
    {
        var grid = new PndmGrid(steps) { Spacing = spacing, Offset = spacing == TimestepSpacing.Leading ? 1 : 0, EndsClean = isVelocity, RungeKutta = rungeKutta };
        Follow(grid, new(Table, steps, spacing, grid.Offset, !rungeKutta, grid.EndsClean, isVelocity), isVelocity ? PredictionType.Velocity : PredictionType.Epsilon);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void FewStepsAreThoseOfThePublishedScheduler(int steps) =>
        Follow(new PndmGrid(steps), new(Table, steps, TimestepSpacing.Leading, 0, skips: true, endsClean: true, isVelocity: false), PredictionType.Epsilon);

    private static void Follow(PndmGrid description, PndmReference reference, PredictionType type)
    {
        var (grid, solver) = (description.On(Toy.Info("toy", PredictionType.Epsilon) with { Noise = Table }), new Pndm());
        var state = SolverState.Start(tensor([0.8], [1, 1, 1]));
        var x = 0.8;
        (int Step, int Call, int Index)[] calls = [.. SolverStep.Calls(grid, solver)];
        Assert.Equal(reference.Times.Length, calls.Length);
        foreach (var at in calls)
        {
            Assert.Equal(reference.Times[at.Index], solver.Input(state, grid, at.Step, at.Call).At.Time);
            var output = (0.4 * Math.Sin(x)) + (0.1 * at.Index / calls.Length);
            x = reference.Step(output, x);
            state = SolverStep.Call(grid, solver, at, state, (_, _) => tensor([output], [1, 1, 1]), type, null, null).State;
            Assert.Equal(x, state.Latents.item<double>(), 2e-6 * Math.Max(1, Math.Abs(x)));
        }

        Assert.InRange(state.History.Length, 1, 3);
    }

    [Fact]
    public void ImprovedPndmIsThatOfThePublishedScheduler()
    {
        const int steps = 12;
        var grid = new IpndmGrid(steps).On(Toy.Info("toy", PredictionType.Velocity) with { Noise = null });
        var state = SolverState.Start(tensor([0.8], [1, 1, 1]));
        var (x, past) = (0.8, new List<double>());
        for (var k = 0; k < steps; k++)
        {
            var (angle, next) = ((1 - ((double)k / steps)) * Math.PI / 2, (1 - ((k + 1.0) / steps)) * Math.PI / 2);
            var (sigma, to) = (Math.Pow(Math.Sin(angle), 2), Math.Pow(Math.Sin(next), 2));
            var (alpha, alphaTo) = (Math.Sqrt(1 - (sigma * sigma)), Math.Sqrt(1 - (to * to)));
            Assert.Equal(2 / Math.PI * Math.Atan2(sigma, alpha), grid.Points[k].Time, 1e-4);
            var output = (0.4 * Math.Sin(x)) - (0.02 * k);
            past.Insert(0, (sigma * x) + (alpha * output));
            double[] weights = k switch { 0 => [1], 1 => [1.5, -0.5], 2 => [23 / 12.0, -16 / 12.0, 5 / 12.0], _ => [55 / 24.0, -59 / 24.0, 37 / 24.0, -9 / 24.0] };
            var epsilon = weights.Select((w, i) => w * past[i]).Sum();
            x = (alphaTo * (k == 0 ? 0 : (x - (sigma * epsilon)) / alpha)) + (to * epsilon);
            state = SolverStep.Call(grid, new Ipndm(), (k, 0, k), state, (_, _) => tensor([output], [1, 1, 1]), PredictionType.Velocity, null, null).State;
            Assert.Equal(x, state.Latents.item<double>(), 1e-4);
        }
    }

    [Fact]
    public void ImprovedPndmIsPndmOnOtherLevels()
    {
        using var net = Toy.Affine(0.3, 0.1, type: PredictionType.Epsilon);
        var grid = new DdimGrid(9);
        Near(Toy.Run(Sampler.For(net).Solve(new Pndm(), grid).Build()).Values, Toy.Run(Sampler.For(net).Solve(new Ipndm(), grid).Build()).Values);
    }

    [Fact]
    public void AHookOnTheLeadingTermMovesPndmAndIsNotRemembered()
    {
        var grid = new DdimGrid(4).On(Toy.Info("toy", PredictionType.Epsilon) with { Noise = Table });
        var x = ones(1, 1, 2, 2);
        foreach (var (solver, type) in new[] { ((ISolver)new Pndm(), PredictionType.Epsilon), (new Pndm(), PredictionType.Velocity), (new Ipndm(), PredictionType.Velocity) })
        {
            var now = new Prediction(x * 0.5, type, x, grid.Points[0]);
            var (plain, led) = (solver.Step(SolverState.Start(x), grid, 0, 0, now), solver.Step(SolverState.Start(x), grid, 0, 0, now.WithLeading(now.X0 * 2, now.Epsilon * 3)));
            Assert.NotEqual(plain.Mean.Floats(), led.Mean.Floats());
            Same(plain.Next.History[0], led.Next.History[0]);
        }
    }

    [Fact]
    public void WhatItCannotDoIsRefusedByName()
    {
        using var flow = Toy.Constant(0);
        using var epsilon = Toy.Constant(0, PredictionType.Epsilon);
        Assert.Contains("alpha 0", Assert.Throws<ArgumentException>(() => Sampler.For(flow).Solve(new Pndm(), new FlowGrid(4)).Build()).Message);
        Assert.Contains("at least 4 steps, not 3", Assert.Throws<ArgumentException>(() => Sampler.For(epsilon).Pndm(3, rungeKutta: true)).Message);
        Assert.Contains("flow network", Assert.Throws<InvalidOperationException>(() => Sampler.For(flow).Pndm(5)).Message);
        Assert.Contains("level 1 is 0.9 after 0.5", Assert.Throws<ArgumentException>(() => IpndmGrid.Through([0.5f, 0.9f])).Message);
        var one = new Schedule("one", [new(9, 0.6f, 0.8f)], [new(0, 1, 0)]);
        Assert.Contains("within 2 of 1 steps", Assert.Throws<ArgumentException>(() => new Schedule("one", one.Points, one.Targets) { InnerPoints = [[], []] }).Message);
        Assert.Contains("not finite", Assert.Throws<ArgumentException>(() => new Schedule("one", one.Points, one.Targets) { InnerPoints = [[new(double.NaN, 1, 0)]] }).Message);
        Assert.NotNull(Sampler.For(epsilon).Pndm(3).Build());
    }

    [Fact]
    public void BoundsThatWouldDoNothingAreRefused()
    {
        using var epsilon = Toy.Constant(0, PredictionType.Epsilon);
        foreach (var (solver, grid) in new (ISolver, IGrid)[] { (new Pndm(), new PndmGrid(4)), (new Ipndm(), new DdimGrid(4)), (new UniPc { OfNoise = true }, new MultistepGrid(4) { EndsClean = false }) })
        {
            Assert.NotNull(Sampler.For(epsilon).Solve(solver, grid).Build());
            Assert.Contains($"{solver.Name} takes no bounds on clean samples", Assert.Throws<InvalidOperationException>(() => Sampler.For(epsilon).Solve(solver, grid, new SampleClip()).Build()).Message);
        }
    }

    [Fact]
    public void ATailOfTheLevelsKeepsWhatIsWithinItsSteps()
    {
        var whole = new PndmGrid(8) { RungeKutta = true }.On(Toy.Info("toy", PredictionType.Epsilon));
        Assert.Equal(whole.Inner(2), whole.From(1).Inner(1));
        Assert.Equal([4, 1], new[] { 1, 2 }.Select(k => new Pndm().Calls(whole.From(1), k)));
        Assert.Empty(whole.From(5).InnerPoints);
    }
}
