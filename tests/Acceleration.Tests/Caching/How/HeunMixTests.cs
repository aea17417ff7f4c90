using Acceleration.Tests.Core;
using Acceleration.Tests.Toys;
using static TorchSharp.torch;

namespace Acceleration.Tests.Caching;

public sealed class HeunMixTests : CoreTest
{
    private const int Steps = 14;

    private static readonly AtSteps Computed = new(0, 1, 5, 8);

    [Fact]
    public void LinesAreExactWithinItsReachAndHeldBackBeyond()
    {
        float[] expected = [.. Enumerable.Range(0, Steps).Select(i => 2f + (3 * i))];
        Close.All(expected[..12], Made(new(Quantity.Output), i => 2 + (3 * i))[..12], 1e-4);
        Assert.True(Made(new(Quantity.Output), i => 2 + (3 * i))[12] < expected[12] - 1);
        Close.All(expected, Made(new(Quantity.Output, Reach: 6) { Over = Abscissa.Time }, i => 2 + (3 * i)), 1e-3);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void ItIsTheMeanOfTwoSlopes(bool undivided)
    {
        static double F(int i) => Math.Sin(0.7 * i) + (0.1 * i);
        var made = new double[Steps];
        for (var i = 0; i < Steps; i++)
        {
            var newest = Computed.Steps.Last(s => s <= i);
            if (newest == i || i < 2)
            {
                made[i] = F(i);
                continue;
            }

            var before = Computed.Steps.Last(s => s < newest);
            var elapsed = i - newest;
            var slopes = ((F(newest) - F(before)) / (undivided ? 1 : newest - before)) + made[i - 1] - made[i - 2];
            double At(double e) => F(newest) + (e / 2 * slopes);
            made[i] = elapsed <= 3 ? At(elapsed) : (3.0 / elapsed * At(3)) + ((1 - (3.0 / elapsed)) * F(newest));
        }

        Close.All([.. made.Select(m => (float)m)], Made(new(Quantity.Output) { Undivided = undivided }, F), 1e-4);
    }

    [Fact]
    public void OneValueIsRepeated() => Close.All([4, 4, 4, 4], Made(new(Quantity.Output), i => 4 + i, new AtSteps(0))[..4]);

    [Fact]
    public void ABatchIsItsSamplesAlone()
    {
        using var network = new ChainToy();
        var sampler = Sampler.For(network).FlowEuler(12).Guidance(2).Use(new FoCa(4)).Build();
        var (both, _) = Toy.Run(sampler, 2);
        var (one, _) = Toy.Run(sampler);
        Close.All(one, both[..one.Length]);
    }

    /// <summary>What a network that gives a function of the step number is taken to give.</summary>
    private static float[] Made(HeunMix mix, Func<int, double> f, AtSteps? computed = null)
    {
        using var network = Denoiser.From(Toy.Info("counted"), (x, t, _) => zeros_like(x) + (float)f((int)Math.Round(Steps * (1 - (t.Floats()[0] / 1000.0)))));
        var replay = new Replay([.. Enumerable.Range(0, Steps).Select(_ => zeros(1, 1, 4, 4))]);
        replay.Run(network, new Cached(Where.Network, computed ?? Computed, mix));
        return [.. replay.Outputs.Select(o => o[0])];
    }
}
