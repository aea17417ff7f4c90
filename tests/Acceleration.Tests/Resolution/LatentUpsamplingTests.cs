using Acceleration.Tests.Core;
using Acceleration.Tests.Toys;
using static TorchSharp.torch;

namespace Acceleration.Tests.Resolution;

public sealed class LatentUpsamplingTests : CoreTest
{
    private readonly ChainToy _flow = new();

    public LatentUpsamplingTests() => Own(_flow);

    /// <summary>After doubling, the noise is white of variance σ², around (1 − σ)·x0: to sampling error.</summary>
    [Theory]
    [InlineData(0.3, 0.0586)]
    [InlineData(0.45, 0.0177)]
    [InlineData(0, 0.25)]
    public void NoiseOfDoubledLatentsBecomesWhite(double end, double correlation)
    {
        const int Samples = 200_000;
        var matching = new NoiseTimeMatching(end, correlation);
        using var generator = new Generator(1);
        var clean = tensor(new[] { 0.7f }).view(1, 1, 1, 1);
        var small = (clean * end) + (randn([Samples, 1, 1, 2], generator: generator) * (1 - end));
        var x = matching.Apply(Resampler.Resize(small, [1, 2, 4], Resampling.Nearest), randn([Samples, 1, 2, 4], generator: generator));

        var centred = (x - (clean * (1 - matching.StartSigma))).view(Samples, 8).to(ScalarType.Float64);
        var covariance = centred.t().matmul(centred) / Samples;
        var white = eye(8, dtype: ScalarType.Float64) * (matching.StartSigma * matching.StartSigma);
        Assert.InRange((covariance - white).abs().max().item<double>(), 0, 5 * matching.StartSigma * matching.StartSigma / Math.Sqrt(Samples) * Math.Sqrt(2));
        Assert.InRange(centred.mean().item<double>(), -0.01, 0.01);
        Assert.Equal(matching.StartSigma, 1 - (end / (((1 - end) / Math.Sqrt(correlation)) + end)), 12);
    }

    [Fact]
    public void StagesDoubleAndMeetTheirEnds()
    {
        var sampler = Sampler.For(_flow).Upsampling([new(0.5, 5, 0.3, 5.12), new(1, 4, 1, 2.25)], 0.0177).Build();
        var grids = sampler.Info.Stages;
        Assert.Equal([5, 4], grids.Select(g => g.Steps));
        Assert.Equal((1f, 0.7f), (grids[0].Points[0].Sigma, grids[0].Targets[^1].Sigma));
        Assert.Equal(new NoiseTimeMatching(0.3, 0.0177).StartSigma, grids[1].Points[0].Sigma, 1e-6);
        Assert.Equal(0f, grids[1].Targets[^1].Sigma);
        Assert.All(grids, g => Assert.All(g.Points.Zip(g.Targets), p => Assert.True(p.First.Sigma > p.Second.Sigma)));

        var request = Toy.Request(2) with { Size = [1, 8, 8] };
        using var condition = request.Condition;
        using var result = sampler.Generate(request, cancellation: TestContext.Current.CancellationToken);
        Assert.Equal([2, 1, 8, 8], result.Latents.shape);
        Assert.Equal([16, 16, 16, 16, 16, 64, 64, 64, 64], _flow.Calls.Where(c => c.Site == "blocks.0").Select(c => c.Tokens));
    }

    /// <summary>A network that knows the clean picture: both ways end at it, whatever the noise.</summary>
    [Fact]
    public void ThePerfectNetworkArrivesAtTheCleanPicture()
    {
        using var perfect = Denoiser.From(
            new DenoiserInfo { Name = "perfect", Prediction = PredictionType.Flow, SampleSize = [1, 8, 8] },
            (x, t, _) => (x - 0.4f) / (t.view(-1, 1, 1, 1) / 1000));
        var sampler = Sampler.For(perfect).Upsampling([new(0.25, 3, 0.2), new(0.5, 3, 0.5), new(1, 3, 1)], 0.1).Build();
        using var condition = Conditioning.None(1);
        using var result = sampler.Generate(new() { Condition = condition, Seed = 1 }, cancellation: TestContext.Current.CancellationToken);
        Assert.Equal([1, 1, 8, 8], result.Latents.shape);
        Assert.InRange((result.Latents - 0.4f).abs().max().item<float>(), 0, 1e-4);
    }

    [Fact]
    public void StagesThatDoNotFollowEachOtherAreRefused()
    {
        Assert.Throws<ArgumentException>(() => LatentUpsampling.Stages([]));
        Assert.Throws<ArgumentException>(() => LatentUpsampling.Stages([new(1, 3, 0.9)]));
        Assert.Contains("must be 0.5", Assert.Throws<ArgumentException>(() => LatentUpsampling.Stages([new(0.25, 3, 0.3), new(1, 3, 1)])).Message, StringComparison.Ordinal);
        Assert.Contains("cannot end", Assert.Throws<ArgumentException>(() => LatentUpsampling.Stages([new(0.25, 3, 0.9), new(0.5, 3, 0.1), new(1, 3, 1)])).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => new NoiseTimeMatching(1, 0.1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new NoiseTimeMatching(0.3, 0.3));
        Assert.Throws<ArgumentException>(() => new NoiseTimeMatching(0.3, 0.1).Apply(zeros(1, 1, 3, 4), zeros(1, 1, 3, 4)));
        using var preserving = new ChainToy(type: PredictionType.Epsilon);
        Assert.Contains("no flow network", Assert.Throws<ArgumentException>(() => Sampler.For(preserving).Upsampling([new(1, 3, 1)])).Message, StringComparison.Ordinal);
    }
}
