using Acceleration.Tests.Core;
using Acceleration.Tests.Sampling.Schedulers;
using Acceleration.Tests.Toys;

namespace Acceleration.Tests.Sampling.Solvers;

/// <summary>Align Your Steps: the published lists, other numbers of steps, and both kinds of solvers on them.</summary>
public sealed class AlignYourStepsTests : LiveTensorTest
{
    private static DenoiserInfo Network => Toy.Info("toy", PredictionType.Epsilon) with { Noise = NoiseTableTests.StableDiffusionTable };

    private static DenoiserInfo Video => Toy.Info("video", PredictionType.Velocity) with { Noise = null };

    private static double[] Ratios(Schedule grid) => [.. grid.Points.Append(grid.Targets[^1]).Select(p => (double)p.Sigma / p.Alpha)];

    [Fact]
    public void TenStepsAreThePublishedLevels()
    {
        foreach (var inSigmaSpace in new[] { false, true })
        {
            double[] stable = [14.615, 6.475, 3.861, 2.697, 1.886, 1.396, 0.963, 0.652, 0.399, 0.152, 0];
            Schedulers.Near.All(stable, Ratios(new AlignYourStepsGrid(10) { SigmaSpace = inSigmaSpace }.On(Network)), 1e-6);
            double[] large = [14.615, 6.315, 3.771, 2.181, 1.342, 0.862, 0.555, 0.380, 0.234, 0.113, 0];
            Schedulers.Near.All(large, Ratios(new AlignYourStepsGrid(10) { SigmaSpace = inSigmaSpace, Model = AlignYourStepsModel.StableDiffusionXL }.On(Network)), 1e-6);
            double[] video = [700, 54.5, 15.886, 7.977, 4.248, 1.789, 0.981, 0.403, 0.173, 0.034, 0];
            Schedulers.Near.All(video, Ratios(new AlignYourStepsGrid(10) { SigmaSpace = inSigmaSpace, Model = AlignYourStepsModel.StableVideoDiffusion }.On(Video)), 1e-6);
        }
    }

    [Fact]
    public void TheNetworkIsToldTheTrainingStepsOfTheLevels()
    {
        double[] expected = [999.0, 850.01, 735.83, 645.24, 545.28, 455.35, 342.61, 232.85, 124.56, 24.15];
        var grid = new AlignYourStepsGrid(10).On(Network);
        Assert.All(expected.Zip(grid.Points), p => Assert.Equal(p.First, p.Second.Time, 0.006));
        Assert.Equal(700, Math.Exp(4 * new AlignYourStepsGrid(10) { Model = AlignYourStepsModel.StableVideoDiffusion }.On(Video).Points[0].Time), 1e-3);
    }

    [Theory]
    [InlineData(AlignYourStepsModel.StableDiffusion, new double[] { 999, 850, 736, 645, 545, 455, 343, 233, 124, 24 })]
    [InlineData(AlignYourStepsModel.StableDiffusionXL, new double[] { 999, 845, 730, 587, 443, 310, 193, 116, 53, 13 })]
    public void WholeTrainingStepsAreThePublishedList(AlignYourStepsModel model, double[] times)
    {
        var grid = new AlignYourStepsGrid(10) { Model = model, Whole = true }.On(Network);
        Assert.Equal(times, grid.Points.Select(p => p.Time));
        Schedulers.Near.All(times.Select(t => (double)Network.Noise!.AlphaBars[(int)t]), grid.Points.Select(p => (double)p.AlphaBar));
    }

    [Fact]
    public void TwelveStepsAreThoseOfTheAuthorsReading()
    {
        double[] stable = [14.615, 7.4159, 4.5872, 3.2269, 2.3939, 1.7938, 1.396, 1.0245, 0.7425, 0.51, 0.2892, 0.1153, 0.029];
        Schedulers.Near.All(stable, AlignYourSteps.Levels(AlignYourStepsModel.StableDiffusion, 12), 1e-3);
        Assert.Equal([0.029, 0.029, 0.002], Enum.GetValues<AlignYourStepsModel>().Select(m => AlignYourSteps.Published(m)[^1]));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(20)]
    [InlineData(25)]
    public void OtherNumbersOfStepsAreReadOffBetweenThem(int steps)
    {
        foreach (var model in Enum.GetValues<AlignYourStepsModel>())
        {
            var (levels, published) = (AlignYourSteps.Levels(model, steps), AlignYourSteps.Published(model));
            Assert.Equal(steps + 1, levels.Length);
            Assert.All(levels.Zip(levels.Skip(1)), p => Assert.True(p.First > p.Second));

            // Where an index is whole it is a published level, and in the middle of two their geometric mean.
            for (var i = 0; i <= steps; i++)
            {
                var (below, part) = (i * 10 / steps, i * 10 % steps);
                var expected = part == 0 ? published[below] : 2 * part == steps ? Math.Sqrt(published[below] * published[below + 1]) : double.NaN;
                Assert.Equal(double.IsNaN(expected) ? levels[i] : expected, levels[i], 1e-9 * published[0]);
                Assert.InRange(levels[i], published[Math.Min(below + 1, 10)] - 1e-12, published[below] + 1e-9);
            }

            var grid = new AlignYourStepsGrid(steps) { Model = model, SigmaSpace = true }.On(model == AlignYourStepsModel.StableVideoDiffusion ? Video : Network);
            Assert.Equal((steps, 0f), (grid.Steps, grid.Targets[^1].Sigma));
        }

        var whole = new AlignYourStepsGrid(steps) { Whole = true, EndsClean = false }.On(Network);
        Assert.All(whole.Points, p => Assert.Equal(Math.Round(p.Time), p.Time));
        Assert.Equal(Network.Noise!.At(0).Sigma, whole.Targets[^1].Sigma, 1e-6f);
    }

    [Fact]
    public void DdimEulerAndDpmSolverTakeThemAlike()
    {
        using var net = Denoiser.From(Network, (x, _, _) => (x * 0.3) + 0.1);
        var ddim = Toy.Run(Sampler.For(net).Solve(new Ddim(), new AlignYourStepsGrid(10)).Build()).Values;
        Near(ddim, Toy.Run(Sampler.For(net).Solve(new Euler(), new AlignYourStepsGrid(10) { SigmaSpace = true }).Build()).Values);
        Near(ddim, Toy.Run(Sampler.For(net).Solve(new DpmSolver(1), new AlignYourStepsGrid(10)).Build()).Values);
        Assert.NotNull(Toy.Run(Sampler.For(net).Solve(new Kdpm2(), new AlignYourStepsGrid(10) { SigmaSpace = true }).Build()).Values);
        Assert.Equal("ddimays10", Sampler.For(net).Solve(new Ddim(), new AlignYourStepsGrid(10)).Build().Tag);
        Assert.Equal("ddimays12xlint", Sampler.For(net).Solve(new Ddim(), new AlignYourStepsGrid(12) { Model = AlignYourStepsModel.StableDiffusionXL, Whole = true }).Build().Tag);
    }

    [Fact]
    public void WhatItCannotDoIsRefusedByName()
    {
        using var net = Denoiser.From(Network, (x, _, _) => x.alias());
        Assert.Contains("no training steps", Assert.Throws<ArgumentException>(() => new AlignYourStepsGrid(10) { Model = AlignYourStepsModel.StableVideoDiffusion, Whole = true }.On(Video)).Message);
        Assert.Contains("Between 1 and 1000", Assert.Throws<ArgumentOutOfRangeException>(() => new AlignYourStepsGrid(1001) { Whole = true }.On(Network)).Message);
        Assert.Contains("flow network", Assert.Throws<InvalidOperationException>(() => new AlignYourStepsGrid(10).On(Toy.Info("flow"))).Message);
        Assert.Contains("sigma space", Assert.Throws<ArgumentException>(() => Sampler.For(net).Solve(new Ddim(), new AlignYourStepsGrid(10) { SigmaSpace = true }).Build()).Message);
        Assert.Contains("sigma space", Assert.Throws<ArgumentException>(() => Sampler.For(net).Solve(new Lcm(), new AlignYourStepsGrid(10) { SigmaSpace = true }).Build()).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => AlignYourSteps.Published((AlignYourStepsModel)9));
        Assert.Throws<ArgumentOutOfRangeException>(() => AlignYourSteps.Levels(AlignYourStepsModel.StableDiffusion, 0));
    }
}
