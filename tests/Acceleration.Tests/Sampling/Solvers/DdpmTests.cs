using Acceleration.Tests.Core;
using Acceleration.Tests.Sampling.Schedulers;
using Acceleration.Tests.Toys;
using static TorchSharp.torch;

namespace Acceleration.Tests.Sampling.Solvers;

/// <summary>DDPM: golden values, what noise is drawn and when, and what it refuses.</summary>
public sealed class DdpmTests : CoreTest
{
    private static NoiseTable Table => NoiseTableTests.StableDiffusionTable;

    private static Schedule Grid(NoiseTable table, int steps = 5, int offset = 0) => DdimSchedule.Make(table, steps, TimestepSpacing.Leading, offset, strict: true);

    private static Tensor Unit() => tensor([1f, -0.5f, 0.25f, 2f]).reshape(1, 1, 2, 2);

    private static Tensor Affine(Tensor x, int call) => (x * 0.5f) + 0.1f;

    private static double[] Values(Tensor x) => x.to_type(ScalarType.Float64).data<double>().ToArray();

    private static SolverUpdate First(Ddpm solver, Schedule grid, Tensor x, Tensor? variance = null, int step = 0) =>
        solver.Step(SolverState.Start(x), grid, step, 0, new Prediction(Affine(x, 0), PredictionType.Epsilon, x, grid.Points[step], variance: variance));

    [Fact]
    public void GoldenValuesHold()
    {
        Schedulers.Near.All(
            [1.157326, -0.498571, 0.329378, 2.261258],
            Values(Loop.Run(Grid(Table), new Ddpm(), Unit(), Affine, PredictionType.Epsilon, noise: _ => full_like(Unit(), 0.25))), 2e-5);

        // The scheduler's own defaults: the linear table.
        var grid = Grid(NoiseTable.Make(BetaSchedule.Linear));
        Golden([2.030815, -1.237793, 0.396511, 4.209888], new() { Variance = DdpmVariance.FixedSmall });
        Golden([2.033755, -1.234853, 0.399451, 4.212827], new() { Variance = DdpmVariance.FixedLarge });
        Golden([2.032575, -1.236033, 0.398271, 4.211647], new() { Variance = DdpmVariance.LearnedRange }, full_like(Unit(), 0.2));

        void Golden(double[] expected, Ddpm solver, Tensor? variance = null)
        {
            var update = First(solver, grid, Unit(), variance);
            Schedulers.Near.All(expected, Values(update.Mean + (update.NoiseScale! * 0.25f)), 2e-5);
        }
    }

    [Fact]
    public void TheLogarithmOfAVarianceChangesNothing()
    {
        var (plain, logarithm) = (First(new(), Grid(Table), Unit()), First(new() { Variance = DdpmVariance.FixedSmallLog }, Grid(Table), Unit()));
        Assert.Equal(plain.NoiseScale!.item<float>(), logarithm.NoiseScale!.item<float>(), 1e-6f);
        Same(plain.Mean, logarithm.Mean);
    }

    [Fact]
    public void ALearnedVarianceIsTakenAsItIs()
    {
        var variance = tensor([0.25f, 1f, 4f, 0f]).reshape(1, 1, 2, 2);
        Assert.Equal([0.5f, 1, 2, 0], First(new() { Variance = DdpmVariance.Learned }, Grid(Table), Unit(), variance).NoiseScale!.Floats());
    }

    [Fact]
    public void ARangeOfVarianceEndsAtTheFixedOnes()
    {
        float Scale(DdpmVariance variance, float logit) => First(new() { Variance = variance }, Grid(Table), Unit(), full_like(Unit(), logit)).NoiseScale!.flatten()[0].item<float>();
        Assert.Equal(Scale(DdpmVariance.FixedSmall, 0), Scale(DdpmVariance.LearnedRange, -1), 1e-6f);
        Assert.Equal(Scale(DdpmVariance.FixedLarge, 0), Scale(DdpmVariance.LearnedRange, 1), 1e-6f);
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, true)]
    public void NoiseIsDrawnInTheLastStepIfItsTimeIsNotZero(int offset, bool draws)
    {
        var grid = Grid(Table, 5, offset);
        Assert.NotNull(First(new(), grid, Unit(), step: 3).NoiseScale);
        var last = First(new() { Variance = DdpmVariance.FixedLarge }, grid, Unit(), step: 4).NoiseScale;
        Assert.Equal(draws, last is not null);

        // The posterior of a step to the clean sample has no width; the reference draws noise of its least variance.
        Assert.Equal(draws ? 1e-10f : null, First(new(), grid, Unit(), step: 4).NoiseScale?.item<float>());
    }

    [Theory]
    [InlineData(TimestepSpacing.Leading)]
    [InlineData(TimestepSpacing.Trailing)]
    public void AStepOfAncestralDdimIsTheSame(TimestepSpacing spacing)
    {
        var grid = DdimSchedule.Make(Table, 8, spacing, strict: true);
        var x = randn([2, 3, 4, 4], generator: new Generator(3));
        foreach (var type in (PredictionType[])[PredictionType.Epsilon, PredictionType.Velocity, PredictionType.Sample])
        {
            for (var k = 0; k < 7; k++)
            {
                var now = new Prediction(x * 0.3f, type, x, grid.Points[k]);
                var (ddpm, ddim) = (new Ddpm().Step(SolverState.Start(x), grid, k, 0, now), new Ddim { Eta = 1 }.Step(SolverState.Start(x), grid, k, 0, now));
                Loop.Close(ddim.Mean, ddpm.Mean, 2e-6, $"{type}, step {k}");
                Assert.Equal(ddim.NoiseScale!.item<float>(), ddpm.NoiseScale!.item<float>(), 1e-6f);
            }
        }
    }

    [Fact]
    public void EveryTrainingStepIsTakenWithTheCoefficientsOfTheReference()
    {
        // Of 1 − ᾱ/ᾱ' of the last steps, roots of ᾱ in float32 would keep three digits.
        var table = NoiseTable.Make(BetaSchedule.Linear);
        var grid = Grid(table, 1000);
        for (var t = 1; t < 1000; t++)
        {
            var beta = 1 - (table.AlphaBars[t] / table.AlphaBars[t - 1]);
            var scale = First(new() { Variance = DdpmVariance.FixedLarge }, grid, Unit(), step: 999 - t).NoiseScale!.item<float>();
            var exact = 1 - table.AlphaBars[t] < 0.25f;
            Assert.InRange(scale / MathF.Sqrt(beta), exact ? 1 - 1e-7f : 1 - 4e-5f, exact ? 1 + 1e-7f : 1 + 4e-5f);
        }
    }

    [Fact]
    public void WhatItCannotDoIsRefusedByName()
    {
        using var flow = Toy.Constant(0);
        using var epsilon = Toy.Constant(0, PredictionType.Epsilon);
        Assert.Contains("preserve variance", Assert.Throws<ArgumentException>(() => Sampler.For(flow).Solve(new Ddpm(), new FlowGrid(4)).Build()).Message);
        Assert.Contains("affine predicts none", Assert.Throws<InvalidOperationException>(() => Sampler.For(epsilon).Ddpm(4, DdpmVariance.Learned).Build()).Message);
        Assert.Contains("twice the channels", Assert.Throws<ArgumentException>(() => First(new() { Variance = DdpmVariance.LearnedRange }, Grid(Table), Unit())).Message);
        Assert.Contains("preserve variance", Assert.Throws<ArgumentException>(() => First(new(), FlowSchedule.Make(4), Unit())).Message);
        var clean = new Schedule("clean", [new(0, 1, 0)], [new(0, 1, 0)]);
        Assert.Contains("sigma 0", Assert.Throws<ArgumentException>(() => Sampler.For(epsilon).Solve(new Ddpm(), clean).Build()).Message);
        Assert.NotNull(Sampler.For(epsilon).Ddpm(4).Build());
    }
}
