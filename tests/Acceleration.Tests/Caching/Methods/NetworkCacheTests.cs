using Acceleration.Tests.Toys;
using static TorchSharp.torch;

namespace Acceleration.Tests.Caching.Methods;

/// <summary>Traces of the decisions of stable-diffusion.cpp and ComfyUI, computed by hand.</summary>
public sealed class NetworkCacheTests
{
    /// <summary>x moves by 1 in each step, from 10 on, and v = 2·x.</summary>
    [Fact]
    public void TheFormulaOfUCacheIsFollowed()
    {
        using var network = Toy.Affine(2, 0);
        var trace = Ramp(network, 12, new UCache(1, 0, 1));
        var errors = trace.Steps.SelectMany(s => s.Decisions).Select(d => d.Value).ToArray();

        // Steps 0 and 1 are computed: k = 2, E = 2. Step 2: k·1/√(|v|·1.6·E), |v| = 22.
        Assert.True(double.IsNaN(errors[0]) && double.IsNaN(errors[1]));
        var one = 2 / Math.Sqrt(22 * 3.2);
        Assert.Equal(one, errors[2], 1e-5);

        // The threshold is halved in the first fifth of the 12 steps, and 0.24 lies below it.
        Assert.True(trace.Steps[2].Decisions[0].Skip);
        Assert.Equal(0.5, trace.Steps[2].Decisions[0].Threshold);
        Assert.Equal(one + (1.5 * one), errors[3], 1e-5);
        Assert.True(trace.Steps[3].Decisions[0].Skip);
        Assert.Equal(one * (1 + 1.5 + 2), errors[4], 1e-5);
        Assert.False(trace.Steps[4].Decisions[0].Skip);
    }

    [Fact]
    public void SinceComputedTheMoveAddsUpOverSkippedSteps()
    {
        using var network = Toy.Affine(2, 0);
        double[] Errors(EasyCache easy) => [.. Ramp(network, 8, easy).Steps.SelectMany(s => s.Decisions).Select(d => d.Value)];
        var step = 2 / 22.0;
        double[] each = Errors(new(double.PositiveInfinity, 2)), since = Errors(new(double.PositiveInfinity, 2) { SinceComputed = true });
        for (var i = 2; i < 7; i++)
        {
            Assert.Equal((i - 1) * step, each[i], 1e-5);
            Assert.Equal((i - 1) * i / 2.0 * step, since[i], 1e-5);
        }
    }

    [Fact]
    public void OneInEightElementsIsMeasured()
    {
        using var scope = NewDisposeScope();
        using var network = Toy.Affine(2, 0);

        // Elements 0 and 8 move as ever, the others wildly.
        var latents = Enumerable.Range(0, 6).Select(i =>
        {
            var x = full([1, 1, 4, 4], 1000.0 * i * i);
            x.view(-1)[0] = 10 + i;
            x.view(-1)[8] = 10 + i;
            return x;
        }).ToArray();
        var trace = new Replay(latents).Run(network, new EasyCache(double.PositiveInfinity, 2) { Stride = 8 });
        Assert.Equal(2 / 22.0, trace.Steps[2].Decisions[0].Value, 1e-5);
    }

    [Theory]
    [InlineData(0.25, 0.75, "CCCCCssssCCC")]
    [InlineData(0, 1, "CCsssssssssC")]
    [InlineData(0.5, 0.5, "CCCCCCCCCCCC")]
    public void OutsideOfTheWindowAllIsComputed(double start, double stop, string expected)
    {
        using var network = new ChainToy();
        var sampler = Sampler.For(network).FlowEuler(12).Use(new EasyCache(double.PositiveInfinity, start > 0 ? 5 : 2) { Start = start, Stop = stop }).Build();
        Assert.Equal(expected, EasyCacheTests.Skips(Toy.Run(sampler).Trace));
    }

    [Fact]
    public void InputsAreComparedWithThoseOfTheLastComputedStep()
    {
        using var network = Toy.Affine(2, 0);
        var trace = Ramp(network, 10, new Cached(Where.Network, new InputChange(0.25) { Warmup = 1 }, How.LastResidual));
        var errors = trace.Steps.SelectMany(s => s.Decisions).Select(d => d.Value).ToArray();

        // 11/10, 12/10, then 13/10 is too much; from 13 on 14, 15, 16, and 17/13 is.
        Assert.Equal("CssCsssCsC", EasyCacheTests.Skips(trace));
        Assert.Equal([0.1, 0.2, 0.3, 1 / 13.0, 2 / 13.0, 3 / 13.0, 4 / 13.0], errors[1..8], (a, b) => Math.Abs(a - b) < 1e-5);
    }

    [Fact]
    public void EachBlockMayDecideForItself()
    {
        using var network = new ChainToy();
        var (_, trace) = Toy.Run(Sampler.For(network).FlowEuler(10).Use(new Cached(Where.Blocks, new InputChange(0.1) { Warmup = 2, EachSite = true }, How.LastResidual)).Build());
        Assert.All(trace.Steps.Skip(2).SkipLast(1), s => Assert.Equal(3, s.Decisions.Where(d => d.Reason is null).Select(d => d.Value).Distinct().Count()));
    }

    [Theory]
    [InlineData(20, new[] { 0, 1, 2, 3, 5, 7, 10, 13, 17, 18, 19 })]
    [InlineData(28, null)]
    [InlineData(50, null)]
    public void SpectrumComputesItsPublishedSteps(int steps, int[]? expected)
    {
        using var network = Toy.Constant(0.3);
        var (_, trace) = Toy.Run(Sampler.For(network).FlowEuler(steps).Use(new Spectrum()).Build());
        var computed = trace.Steps.Index().Where(s => s.Item.ComputedRows > 0).Select(s => s.Index);
        Assert.Equal(expected ?? StepPatterns.Spectrum(steps), computed);
        foreach (var growth in new[] { 0, 0.3 })
        {
            var when = new GrowingWindows(2, 3.5, growth, 0.8);
            var grid = FlowSchedule.FromSigmas([.. Enumerable.Range(0, steps).Select(i => 1 - ((double)i / steps))]);
            Assert.Equal(StepPatterns.Spectrum(steps, 2, 3.5, growth, 0.8), Enumerable.Range(0, steps).Where(i => !when.Skips(new(0, i, 0, grid, grid.Points[i]))));
        }
    }

    [Fact]
    public void SpectrumKeepsAConstantCleanSampleAndAsPublishedShrinksIt()
    {
        using var network = Denoiser.From(Toy.Info("sample", PredictionType.Sample), (x, _, _) => x.mul(0).add(0.5));
        float[] Least(Spectrum method)
        {
            var latents = Enumerable.Range(0, 20).Select(_ => ones(1, 1, 4, 4)).ToArray();
            var replay = new Replay(latents);
            replay.Run(network, method);
            Array.ForEach(latents, t => t.Dispose());
            return [.. replay.Outputs.Select(o => o.Min())];
        }

        Assert.All(Least(new()), v => Assert.Equal(0.5, v, 1e-5));
        Assert.InRange(Least(new() { Published = true }).Min(), 0.5 * 0.88, 0.5 * 0.97);
    }

    [Fact]
    public void LowFrequenciesAloneDecideForPreciseCache()
    {
        // Neighbours swing against each other, and their means stay.
        using var swinging = Denoiser.From(Toy.Info("swinging"), (x, _, _, e) =>
        {
            using var board = tensor(new float[] { 1, -1, 1, -1, -1, 1, -1, 1, 1, -1, 1, -1, -1, 1, -1, 1 }, x.dtype, x.device).view(1, 1, 4, 4);
            return x.mul(0).add(1).add(board.mul(e.Step.Index));
        });
        string Skips(int scale) => EasyCacheTests.Skips(Toy.Run(Sampler.For(swinging).FlowEuler(10).Use(new PreciseCache(0.1, scale, 2)).Build()).Trace);
        Assert.Equal("CCCssCssCC", Skips(2));
        Assert.Equal("CCCCCCCCCC", Skips(1));
        using var network = new ChainToy();
        Assert.Contains("low frequencies are those of latents", Assert.Throws<StrategyConflictException>(
            () => Sampler.For(network).FlowEuler(8).Use(new Cached(Where.Chain, new LowFrequencyDrift(1), How.LastValue)).Build()).Message, StringComparison.Ordinal);
    }

    private static Trace Ramp(IDenoiser network, int steps, IStrategy strategy)
    {
        var latents = Enumerable.Range(0, steps).Select(i => full([1, 1, 4, 4], 10.0 + i)).ToArray();
        var trace = new Replay(latents).Run(network, strategy);
        Array.ForEach(latents, t => t.Dispose());
        return trace;
    }
}
