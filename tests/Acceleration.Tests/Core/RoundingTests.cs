using Acceleration.Tests.Toys;
using static TorchSharp.torch;

namespace Acceleration.Tests.Core;

/// <summary>What a request makes of a last bit: the measure of <see cref="TestDevice.Rounding"/>.</summary>
public sealed class RoundingTests : CoreTest
{
    private readonly ChainToy _net = new(type: PredictionType.Epsilon);

    public RoundingTests() => Own(_net);

    [Fact]
    public void ALastBitInEveryOutputGrowsBeyondTheCpusToleranceAndStaysWithinADevices()
    {
        // The steps of DDIM with fresh noise let errors grow with the latents, which end some hundreds wide.
        var plain = Run(0);
        var scale = plain.Max(Math.Abs);
        var grown = Enumerable.Range(1, 20).Select(seed => Run((ulong)seed).Zip(plain, (a, b) => Math.Abs(a - b)).Max() / scale).ToArray();
        Assert.InRange(grown.Max(), TestDevice.OnTheCpu, TestDevice.Elsewhere);
    }

    /// <summary>Sample 0 of <see cref="BatchTests"/>; each number the network predicts is off by up to 2^-23 of the largest.</summary>
    private float[] Run(ulong seed)
    {
        using var generator = new Generator(seed);
        using var rounded = Denoiser.From(_net.Info, (x, t, c, e) =>
        {
            var output = _net.Predict(x, t, c, e);
            return seed == 0 ? output : output + (((rand(output.shape, generator: generator).ToTestDevice() * 2) - 1) * output.abs().max() * Math.Pow(2, -23));
        });
        return Toy.Run(Sampler.For(rounded).Ddim(6, eta: 1).Guidance(2).Build()).Values;
    }
}
