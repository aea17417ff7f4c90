using Acceleration.Tests.Toys;

namespace Acceleration.Tests.Core;

/// <summary>Random numbers: sample i draws from a generator of its own, as PyTorch would.</summary>
public sealed class NoiseTests : CoreTest
{
    private static float[] Draw(SeededNoise noise, params long[] size) => noise.Draw(size).data<float>().ToArray();

    [Fact]
    public void SeedOneGivesPyTorchsNumbers()
    {
        using var noise = new SeededNoise(1, 1);
        Assert.Equal([-1.5255959f, -0.750231802f, -0.653980911f, -1.60948479f], Draw(noise, 1, 32, 32)[..4]);
    }

    [Fact]
    public void SampleIUsesSeedPlusI()
    {
        using SeededNoise three = new(7, 3), third = new(9, 1);
        var drawn = three.Draw([1, 4, 4]);
        Assert.Equal([3, 1, 4, 4], drawn.shape);
        Assert.Equal(Draw(third, 1, 4, 4), drawn[2].data<float>().ToArray());
        // And later draws as well.
        Assert.Equal(Draw(third, 2, 3), three.Draw([2, 3])[2].contiguous().data<float>().ToArray());
    }

    [Fact]
    public void TheLastSeedWrapsAround()
    {
        using var noise = new SeededNoise(long.MaxValue, 2);
        Assert.Equal([2, 4], noise.Draw([4]).shape);
        Assert.Throws<ArgumentOutOfRangeException>(() => new SeededNoise(0, 0));
    }

    [Fact]
    public void ACloneContinuesWithTheSameNumbers()
    {
        using var noise = new SeededNoise(3, 2);
        _ = Draw(noise, 1, 5, 5);
        using var clone = noise.Clone();
        var ahead = Draw(noise, 1, 5, 5);
        Assert.Equal(ahead, clone.Draw([1, 5, 5]).data<float>().ToArray());
    }

    [Fact]
    public void FirstLatentsAreTheNoiseOrTheGivenOnes()
    {
        using var net = Toy.Constant(0);
        var sampler = Sampler.For(net).FlowEuler(2).Build();
        var request = Toy.Request(2, seed: 1);
        using var condition = request.Condition;
        using var noise = new SeededNoise(1, 2);
        using (var session = sampler.Start(request))
        {
            Same(noise.Draw([1, 4, 4]), session.Latents);
        }

        var given = Count(2, 1, 4, 4);
        using (var session = sampler.Start(request with { Latents = given }))
        {
            session.RunToEnd(cancellation: TestContext.Current.CancellationToken);
            Same(given, session.Latents);
        }

        Same(Count(2, 1, 4, 4), given);
    }
}
