using Acceleration.Tests.Toys;
using static TorchSharp.torch;

namespace Acceleration.Tests.Caching;

/// <summary>What the decision must not be misled by.</summary>
public sealed class EasyCacheRobustnessTests
{
    [Fact]
    public void TheUnconditionalBranchNeverInfluencesTheDecision()
    {
        using var scope = NewDisposeScope();
        var latents = Latents(12, 2);
        var decided = new List<(double, bool)[]>();

        foreach (var garbage in new[] { 0.0, 1e6, double.NaN })
        {
            using var network = Denoiser.From(Toy.Info("half-mad"), (x, t, c) =>
            {
                var sane = (x * 0.5).sin();
                return where(Toy.PerRow(c["labels"].eq(Toy.Classes), x), sane + garbage, sane);
            });
            var trace = new Replay(latents).Run(network, new ClassifierFreeGuidance(3), new EasyCache(0.6, 2));
            decided.Add([.. trace.Steps.SelectMany(s => s.Decisions).Select(d => (d.Value, d.Skip))]);
        }

        Assert.Contains(decided[0], d => d.Item2);
        Assert.Equal(decided[0], decided[1]);
        Assert.Equal(decided[0], decided[2]);
    }

    [Fact]
    public void AnInputThatDoesNotMoveIsComputed()
    {
        using var scope = NewDisposeScope();
        using var network = Toy.Affine(0.5, 1);
        var trace = new Replay([.. Enumerable.Repeat(ones(1, 1, 4, 4), 8)]).Run(network, new EasyCache(double.PositiveInfinity, 2));
        Assert.Equal("CCCCCCCC", EasyCacheTests.Skips(trace));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1e-9)]
    public void AnOutputOfNothingIsComputed(double size)
    {
        using var scope = NewDisposeScope();
        using var network = Toy.Affine(0, size);
        var trace = new Replay(Latents(8)).Run(network, new EasyCache(double.PositiveInfinity, 2));
        Assert.Equal("CCCCCCCC", EasyCacheTests.Skips(trace));
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void ANumberThatIsNoneIsComputedUntilTwoSoundStepsFollow(double bad)
    {
        using var scope = NewDisposeScope();
        using var network = Denoiser.From(Toy.Info("hiccup"), (x, t, _, e) => e.Step.Index == 3 ? (x * 0.5) + bad : x * 0.5);
        var trace = new Replay(Latents(12)).Run(network, new EasyCache(1e9, 4));
        // 4 and 5 measure from the bad step; k is sound again from 5 on.
        Assert.Equal("CCCCCCssssss"[..11] + "C", EasyCacheTests.Skips(trace));
    }

    [Fact]
    public void LearnedVarianceRepeatsItsLogitsAndReusesTheResidualOfTheRest()
    {
        var info = Toy.Info("variance", sites: new SiteMap(new CostModel(1), samePrediction: false)) with { LearnedVariance = true };
        using var network = Denoiser.From(info, (x, t, _) => cat([x + 0.25, zeros_like(x) + 3], 1));
        var builder = Sampler.For(network).FlowEuler(8).Guidance(2);
        var (plain, _) = Toy.Run(builder.Build(), 2);

        var (values, trace) = Toy.Run(builder.Use(new EasyCache(double.PositiveInfinity, 2)).Build(), 2);

        Close.All(plain, values);
        Assert.Equal(2 * 3, trace.Evaluations);
    }

    [Theory]
    [InlineData(ScalarType.BFloat16)]
    [InlineData(ScalarType.Float16)]
    public void HalfPrecisionDecidesInFloat32(ScalarType dtype)
    {
        // The mean of absolute values around 2000 over 4096 elements overflows half precision and is coarse in bfloat16.
        var info = Toy.Info("half", sites: null, size: [1, 64, 64]) with { DType = dtype };
        using var network = Denoiser.From(info, (x, _, _) => x * 0.5);
        using var scope = NewDisposeScope();
        var trace = new Replay([.. Enumerable.Range(0, 8).Select(i => full([1, 1, 64, 64], 2048f + (64 * i), dtype: dtype))]).Run(network, new EasyCache(0.1, 2));
        Assert.Equal(1.0 / 33, trace.Steps[2].Decisions[0].Value, 1e-4);
        Assert.Equal("CCsssCsC", EasyCacheTests.Skips(trace));
    }

    [Fact]
    public void SamplesOfABatchDecideForThemselves()
    {
        // Sample s moves by 0.05·(s + 1) of its level in each step.
        using var scope = NewDisposeScope();
        using var network = Toy.Affine(0.5, 0);
        Tensor Level(int step, int sample) => full([1, 1, 4, 4], (float)Math.Pow(1 - (0.05 * (sample + 1)), step));
        var batch = new Replay([.. Enumerable.Range(0, 12).Select(k => cat([Level(k, 0), Level(k, 1), Level(k, 2)], 0))]);

        var together = batch.Run(network, new EasyCache(0.12, 2));

        for (var sample = 0; sample < 3; sample++)
        {
            var alone = new Replay([.. Enumerable.Range(0, 12).Select(k => Level(k, sample))]);
            var trace = alone.Run(network, new EasyCache(0.12, 2));
            Assert.Equal(EasyCacheTests.Skips(trace), EasyCacheTests.Skips(together, sample));
            Assert.Equal(alone.Outputs, batch.Outputs.Select(o => o[(16 * sample)..(16 * (sample + 1))]));
        }

        Assert.Equal(3, Enumerable.Range(0, 3).Select(s => EasyCacheTests.Skips(together, s)).Distinct().Count());
    }

    private static Tensor[] Latents(int steps, int samples = 1)
    {
        using var generator = new Generator(40);
        var common = randn([samples, 1, 4, 4], generator: generator);
        return [.. Enumerable.Range(0, steps).Select(_ => common + (0.3 * randn([samples, 1, 4, 4], generator: generator)))];
    }
}
