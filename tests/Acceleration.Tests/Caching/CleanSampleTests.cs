using Acceleration.Tests.Toys;
using static TorchSharp.torch;

namespace Acceleration.Tests.Caching;

/// <summary>Clean samples as what is remembered.</summary>
public sealed class CleanSampleTests
{
    [Theory]
    [InlineData(PredictionType.Epsilon, 0.6f, 0.8f, 1f)]
    [InlineData(PredictionType.Epsilon, 1f, 14f, 1f)]
    [InlineData(PredictionType.Sample, 0.6f, 0.8f, 1f)]
    [InlineData(PredictionType.Velocity, 0.6f, 0.8f, 1f)]
    [InlineData(PredictionType.Velocity, 1f, 3f, 1f)]
    [InlineData(PredictionType.Flow, 0.3f, 0.7f, 1f)]
    [InlineData(PredictionType.Preconditioned, 1f, 3f, 0.5f)]
    public void AnOutputComesBackFromItsCleanSample(PredictionType type, float alpha, float sigma, float data)
    {
        using var scope = NewDisposeScope();
        var (at, x, output) = (new GridPoint(500, alpha, sigma) { SigmaData = data }, Toy.Matrix(1, 1, 2, 1, 4, 4), Toy.Matrix(2, 1, 2, 1, 4, 4));
        Close.All(output.Floats(), Conversions.Output(Conversions.X0(output, type, x, at), type, x, at).Floats(), 1e-5);
    }

    [Fact]
    public void WithoutNoiseNoOutputIsTold()
    {
        using var x = zeros(1, 1, 2, 2);
        Assert.Contains("sigma 0", Assert.Throws<ArgumentException>(() => Conversions.Output(x, PredictionType.Epsilon, x, new(0, 1, 0))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(PredictionType.Sample)]
    [InlineData(PredictionType.Epsilon)]
    [InlineData(PredictionType.Velocity)]
    public void AConstantCleanSampleIsReusedExactly(PredictionType type)
    {
        using var network = Pulling(type);
        Sampler Make(params IStrategy[] s) => s.Aggregate(Sampler.For(network).DpmSolver(12), (b, x) => b.Use(x)).Build();
        var (plain, _) = Toy.Run(Make(), 2);
        var (values, trace) = Toy.Run(Make(new Cached(Where.Prediction, new Interval(3), new How(Quantity.Clean))), 2);
        Assert.Contains('s', EasyCacheTests.Skips(trace));
        Close.All(plain, values, 1e-4);
    }

    /// <summary>A network to which every latent comes from 0.4.</summary>
    private static IDenoiser Pulling(PredictionType type) =>
        Denoiser.From(Toy.Info("pulling", type), (x, _, _, e) => Conversions.Output(x.mul(0).add(0.4), type, x, e.Step.At));
}
