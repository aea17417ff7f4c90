using Acceleration.Tests.Core;
using Acceleration.Tests.Toys;
using static TorchSharp.torch;

namespace Acceleration.Tests.Caching.Correction;

/// <summary>Two bands of frequency, each continued by its own polynomial and grown by its own factor.</summary>
public sealed class FrequencySplitTests : CoreTest
{
    private static Cached Split(int low, int high, int warmup = 3) => new(Where.Network, new Interval(3, warmup), new FrequencySplit(Quantity.Output, low, high));

    /// <summary>The mean of a picture does not depend on time, its checkerboard is a polynomial of it.</summary>
    private static IDenoiser Network(int degree) => Denoiser.From(Toy.Info("banded"), (x, t, _) =>
    {
        var board = tensor([1f, -1, 1, -1, -1, 1, -1, 1, 1, -1, 1, -1, -1, 1, -1, 1], device: x.device).view(1, 1, 4, 4);
        return Toy.PerRow((t / 1000.0).pow(degree), x) * board + 0.5 + zeros_like(x);
    });

    private static float[] Run(IDenoiser network, params IStrategy[] strategies) => Toy.Run(strategies.Aggregate(Sampler.For(network).FlowEuler(10), (b, s) => b.Use(s)).Build(), 2).Values;

    private static float Error(IDenoiser network, IStrategy strategy) => Run(network).Zip(Run(network, strategy)).Max(p => Math.Abs(p.First - p.Second));

    [Fact]
    public void AHighBandOfSecondOrderIsExactForParabolasAndALowOneRepeats()
    {
        using var parabola = Network(2);
        Assert.True(Error(parabola, Split(0, 2)) < 1e-5);
        Assert.True(Error(parabola, Split(0, 1)) > 1e-3);
        Assert.True(Error(parabola, Split(2, 0)) > 1e-2);
    }

    [Fact]
    public void EqualOrdersAreTheForecastOfTheWhole()
    {
        using var network = new ChainToy();
        foreach (var order in new[] { 0, 1, 2 })
        {
            var whole = new Cached(Where.Network, new Interval(3, 3), new How(Quantity.Output, new Polynomial(order)));
            Close.All(Run(network, whole), Run(network, Split(order, order)), 1e-5);
        }
    }

    [Fact]
    public void TokensOnAGridAreSplitAsPicturesAreAndOthersAreOneBand()
    {
        var x = rand([2, 3 * 6 * 5, 7], generator: new Generator(4));
        var picture = x.view(2, 3, 6, 5, 7).permute(0, 1, 4, 2, 3);
        var expected = LowPass.Of(picture).permute(0, 1, 3, 4, 2).reshape(x.shape);
        Close.All(expected.Floats(), GridBand.Low(x, new(3, 6, 5))!.Floats());
        Assert.Null(GridBand.Low(x, null));
        Assert.Null(GridBand.Low(x, new(3, 6, 4)));
        Assert.Null(GridBand.Low(x, new(1, 10, 9, TextLength: 4)));
    }

    [Fact]
    public void AChainIsContinuedByBandsOfItsTokens()
    {
        using var network = new ChainToy();
        IStrategy Chain(IHow how) => new Cached(Where.Chain, new Interval(3), how);
        Close.All(Run(network, Chain(How.LastResidual)), Run(network, Chain(new FrequencySplit(Quantity.Residual))), 1e-5);
        var grown = Run(network, Chain(new FrequencySplit(Quantity.Residual) { LowFactor = 0.5, LowAbove = -1, LowBelow = 2000 }));
        var whole = Run(network, Chain(new FrequencySplit(Quantity.Residual) { LowFactor = 0.5, LowAbove = -1, LowBelow = 2000, HighFactor = 0.5, HighBelow = 2000 }));
        Assert.NotEqual(whole, grown);
        Assert.NotEqual(Run(network, Chain(How.LastResidual)), grown);
    }

    [Fact]
    public void AChainedLineGoesOnFromWhatItMade()
    {
        // Outputs 0, 1, then made ones: 1 + 1/2, 1.5 + 1/4, ... as the difference halves each time.
        using var network = Denoiser.From(Toy.Info("counting"), (x, t, _) => Toy.PerRow(t.le(850).to(ScalarType.Float32), x) + zeros_like(x));
        var latents = Enumerable.Range(0, 6).Select(_ => zeros(1, 1, 4, 4)).ToArray();
        float[] Made(bool chained)
        {
            var replay = new Replay(latents);
            replay.Run(network, new Cached(Where.Network, new AtSteps(0, 1), new How(Quantity.Output, new Damped(0.5) { Undivided = true }, Abscissa.Step) { Chained = chained }));
            return [.. replay.Outputs.Select(o => o[0])];
        }

        Close.All([0, 1, 1.5f, 1.75f, 1.875f, 1.9375f], Made(true));
        Close.All([0, 1, 1.5f, 1.5f, 1.5f, 1.5f], Made(false));
    }
}
