using Acceleration.Tests.Toys;

namespace Acceleration.Tests.Caching.When;

public sealed class EvenStepsTests
{
    [Theory]
    [InlineData(5, 2, 50, "0 5 10 15 20 25 30 35 40 45 47 49")]
    [InlineData(4, 2, 50, "0 4 8 12 16 20 25 29 33 37 41 45 47 49")]
    [InlineData(3.5, 1, 20, "0 3 7 10 14 17 19")]
    [InlineData(4, 0, 9, "0 4 8")]
    [InlineData(100, 2, 10, "0 5 7 9")]
    [InlineData(3, 9, 6, "0 1 3 5")]
    public void ComputedStepsAreSpreadEvenlyAndEndInSteps(double every, int tail, int count, string expected) =>
        Assert.Equal(expected, string.Join(' ', Computed(new(every, tail), count)));

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(50)]
    public void OneComputesAll(int count) => Assert.Equal(Enumerable.Range(0, count), Computed(new(1), count));

    /// <summary>First and last are computed, no gap is longer than asked for by more than rounding, and none is long at the end.</summary>
    [Fact]
    public void NoGapIsLongerThanAskedFor()
    {
        foreach (var (every, tail, count) in from e in new[] { 1.5, 2, 3, 4.25, 9 } from t in new[] { 0, 1, 3 } from c in Enumerable.Range(1, 60) select (e, t, c))
        {
            int[] computed = [.. Computed(new(every, tail), count)];
            Assert.Equal(0, computed[0]);
            Assert.Equal(count - 1, computed[^1]);
            var even = Math.Max(0, count - 1 - ((every < 2 ? 1 : 2) * tail));
            var longest = Math.Max(2, Math.Ceiling(even / Math.Max(1, Math.Round(even / every))));
            Assert.All(computed.Zip(computed.Skip(1)), p => Assert.InRange(p.Second - p.First, 1, longest));
        }
    }

    [Fact]
    public void WhatItCannotBeIsRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new EvenSteps(0.5));
        Assert.Throws<ArgumentOutOfRangeException>(() => new EvenSteps(double.NaN));
        Assert.Throws<ArgumentOutOfRangeException>(() => new EvenSteps(3, -1));
    }

    private static IEnumerable<int> Computed(EvenSteps when, int count)
    {
        using var network = Toy.Affine(1, 0);
        var trace = Toy.Run(Sampler.For(network).FlowEuler(count).Use(new Cached(Where.Prediction, when, How.LastValue)).Build()).Trace;
        return [.. trace.Steps.Select((s, i) => (s, i)).Where(s => s.s.ComputedRows > 0).Select(s => s.i)];
    }
}
