using Acceleration.Tests.Core;
using Acceleration.Tests.Toys;
using static TorchSharp.torch;

namespace Acceleration.Tests.Caching.Correction;

/// <summary>The decision of deviation caching, step by step.</summary>
public sealed class ChangeRateTests : CoreTest
{
    /// <summary>The output of step k is the k-th number, whatever the latents.</summary>
    private static Trace Run(float[] outputs, ChangeRate when)
    {
        using var network = Denoiser.From(Toy.Info("listed"), (x, _, _, e) => zeros_like(x) + outputs[e.Step.Index]);
        return new Replay([.. outputs.Select(_ => zeros(1, 1, 4, 4))]).Run(network, new Cached(Where.Network, when, How.LastValue));
    }

    [Fact]
    public void RatesAddUpUntilTheThreshold()
    {
        // From 10 to 11 a tenth in one step. Step 4 is computed: a tenth in three steps from there.
        float[] outputs = [10, 11, 0, 0, 12.1f, 0, 0, 0, 0, 5];
        var trace = Run(outputs, new ChangeRate(0.25));
        var values = trace.Steps.Select(s => s.Decisions.Single().Value).ToArray();
        Close.All([0.1f, 0.2f, 0.3f], [(float)values[2], (float)values[3], (float)values[4]], 1e-5);
        Close.All([0.1f / 3, 0.2f / 3], [(float)values[5], (float)values[6]], 1e-5);
        Assert.Equal("CCssCssssC", EasyCacheTests.Skips(trace));
        Assert.All([0, 1, 9], k => Assert.True(double.IsNaN(values[k])));
    }

    [Theory]
    [InlineData(0, 0, "CCCCCCCCCC")]
    [InlineData(1e9, 0, "CCssssssss")]
    [InlineData(1e9, 2, "CCssCssCss")]
    public void NoneAllAndABound(double threshold, int most, string expected) =>
        Assert.Equal(expected, EasyCacheTests.Skips(Run([10, 11, 12, 13, 14, 15, 16, 17, 18, 19], new ChangeRate(threshold) { MaxSkip = most, Tail = 0 })));

    [Fact]
    public void WhatDoesNotChangeIsKeptAndWhatIsZeroIsComputed()
    {
        Assert.Equal("CCssssssC", EasyCacheTests.Skips(Run([3, 3, 3, 3, 3, 3, 3, 3, 3], new ChangeRate(0.01))));
        Assert.Equal("CCCCC", EasyCacheTests.Skips(Run([0, 0, 0, 0, 0], new ChangeRate(100))));
    }
}
