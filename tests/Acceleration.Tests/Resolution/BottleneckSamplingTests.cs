using Acceleration.Models;
using Acceleration.Tests.Core;
using Acceleration.Tests.Toys;
using static TorchSharp.torch;

namespace Acceleration.Tests.Resolution;

public sealed class BottleneckSamplingTests : CoreTest
{
    private static readonly BottleneckStage[] Published = [new(1, 6, 1, 9), new(0.5, 20, 0.8, 6), new(1, 8, 0.6, 9)];
    private readonly ChainToy _flow = new();
    private readonly ChainToy _preserving = new(type: PredictionType.Epsilon);

    public BottleneckSamplingTests()
    {
        Own(_flow);
        Own(_preserving);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void OneStageIsThePlainFlowRun(double shift) => Assert.Equal(
        Toy.Run(Sampler.For(_flow).FlowEuler(7, shift).Build(), 2).Values,
        Toy.Run(Sampler.For(_flow).Bottleneck([new(1, 7, 1, shift)]).Build(), 2).Values);

    [Fact]
    public void OneStageIsThePlainDdimRun() => Assert.Equal(
        Toy.Run(Sampler.For(_preserving).Ddim(7).Build(), 2).Values,
        Toy.Run(Sampler.For(_preserving).Bottleneck([new(1, 7)]).Build(), 2).Values);

    [Fact]
    public void StrengthsTruncateTheGridsAsPublished()
    {
        var sampler = Sampler.For(_flow).Bottleneck(Published).Build();
        Assert.Equal([6, 16, 5], sampler.Info.Stages.Select(s => s.Steps));
        Assert.Equal([1f, 0.96f, 0.9375f], sampler.Info.Stages.Select(s => MathF.Round(s.Points[0].Sigma, 4)));
        Assert.All(sampler.Info.Stages, s => Assert.Equal(0, s.Targets[^1].Sigma));
    }

    [Fact]
    public void StagesRunAtTheirSizesWhateverTheRequestsSize()
    {
        var sampler = Sampler.For(_flow).Bottleneck([new(1, 2), new(0.5, 2, 0.5), new(1, 2, 0.5)]).Build();
        foreach (var (size, tokens) in new[] { ((long[])[1, 4, 4], new long[] { 16, 16, 4, 16 }), ([1, 8, 4], [32, 32, 8, 32]) })
        {
            _flow.Calls.Clear();
            var request = Toy.Request(2) with { Size = size };
            using var condition = request.Condition;
            using var result = sampler.Generate(request, cancellation: TestContext.Current.CancellationToken);
            Assert.Equal([2, .. size], result.Latents.shape);
            Assert.Equal(tokens, _flow.Calls.Where(c => c.Site == "blocks.0").Select(c => c.Tokens));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(6)]
    public void ShiftedLevelsOfTrainingDescendFromTheNoisiest(double shift)
    {
        var grid = BottleneckSampling.Stages(_preserving.Info, [new(1, 20, 1, shift)])[0].Grid;
        Assert.Equal(999, grid.Points[0].Time, 3);
        Assert.All(grid.Points.Zip(grid.Points.Skip(1)), p => Assert.True(p.First.Time > p.Second.Time && p.First.Sigma / p.First.Alpha > p.Second.Sigma / p.Second.Alpha));

        // The same signal-to-noise ratio at the middle of a flow's grid: shifted odds are the odds times the shift, up to the end of training.
        var plain = DdimSchedule.Make(_preserving.Info.Noise!, 20, TimestepSpacing.Linspace, strict: true);
        var (from, to) = (plain.Points[15], grid.Points[15]);
        Assert.Equal(shift, (to.Sigma / to.Alpha) / (from.Sigma / from.Alpha), shift == 1 ? 1e-6 : 0.2);
    }

    [Fact]
    public void PlansThatDoNotBeginOrEndAreRefused()
    {
        Assert.Throws<ArgumentException>(() => Sampler.For(_flow).Bottleneck([]));
        Assert.Throws<ArgumentException>(() => Sampler.For(_flow).Bottleneck([new(1, 4, 0.5)]));
        Assert.Throws<ArgumentException>(() => Sampler.For(_flow).Bottleneck([new(1, 4), new(0.5, 4)]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new BottleneckStage(0, 4));
        Assert.Throws<ArgumentOutOfRangeException>(() => new BottleneckStage(1, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new BottleneckStage(1, 4, 1.5));
        Assert.Throws<ArgumentOutOfRangeException>(() => new BottleneckStage(1, 4) with { Shift = double.NaN });
    }

    /// <summary>The sample network knows both resolutions: what the bottleneck draws is still the picture of the class.</summary>
    [Fact]
    public void OnTheSampleNetworkThePictureSurvivesItsBottleneck()
    {
        using var network = DiT.Load(Path.Combine(AppContext.BaseDirectory, "Fixtures", "weights", "fashion-dit.safetensors"));
        using var condition = Conditioning.Labels(1, 7);
        Tensor Draw(Sampler sampler)
        {
            using var result = sampler.Generate(new() { Condition = condition, Seed = 3 }, cancellation: TestContext.Current.CancellationToken);
            return ((result.Latents.clamp(-1, 1) + 1) / 2).DetachFromDisposeScope();
        }

        using var plain = Draw(Sampler.For(network).Ddim(6).Guidance(2).Build());
        using var staged = Draw(Sampler.For(network).Bottleneck([new(1, 2), new(0.5, 4, 0.75), new(1, 4, 0.5)]).Guidance(2).Build());
        Assert.InRange(ImageMetrics.Psnr(staged, plain), 10, 60);
        Assert.InRange(staged.std().item<float>() / plain.std().item<float>(), 0.8, 1.25);
    }
}
