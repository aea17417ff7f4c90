using Acceleration.Tests.Toys;
using static TorchSharp.torch;

namespace Acceleration.Tests.Caching.Methods;

/// <summary>What <c>ucache</c> decides in stable-diffusion.cpp, by its own rule, which is written out here over the numbers that were put into a run.</summary>
public sealed class UCacheTests
{
    private const int Steps = 30;

    [Theory]
    [InlineData(0.15, 1)]
    [InlineData(0.3, 1)]
    [InlineData(1, 1)]
    [InlineData(1, 0.8)]
    [InlineData(4, 1)]
    public void DecisionsAreThoseOfThePublishedRule(double threshold, double decay)
    {
        using var network = Toy.Affine(-0.5, 3);
        var expected = Published(Moving, x => (-0.5 * x) + 3, threshold, decay);

        var decisions = Decide(network, new(threshold, 0, 1) { Decay = decay, SinceComputed = true, ByComputed = true });

        Assert.Equal(expected.Select(e => e.Skip), decisions.Select(d => d.Skip));
        Assert.Equal(expected.Select(e => e.Limit), decisions.Select(d => d.Threshold), (a, b) => Math.Abs(a - b) < 1e-12);
        Assert.All(expected.Zip(decisions).Where(p => p.First.Error is not null), p => Assert.Equal(p.First.Error!.Value, p.Second.Value, 1e-3 * (1 + p.First.Error.Value)));
        Assert.Contains(decisions, d => d.Skip);
        Assert.NotEqual(expected.Select(e => e.Limit), Decide(network, new(threshold, 0, 1) { Decay = decay, SinceComputed = true }).Select(d => d.Threshold));
    }

    [Fact]
    public void TheThresholdGrowsWithStepsOrWithThoseThatWereComputed()
    {
        using var network = Toy.Affine(-0.5, 3);
        double[] Limits(bool byComputed, double threshold) => [.. Decide(network, new(threshold, 0, 1) { ByComputed = byComputed }).Select(d => d.Threshold / threshold)];

        // Two steps are computed, all others skipped: their share stays below a fifth.
        Assert.Equal([.. Enumerable.Repeat(0.5, 6), .. Enumerable.Repeat(1.0, 19), .. Enumerable.Repeat(1.5, 5)], Limits(false, 1e9));
        Assert.All(Limits(true, 1e9), l => Assert.Equal(0.5, l));

        // All steps are computed: both are the same.
        Assert.Equal(Limits(false, 1e-9), Limits(true, 1e-9));
    }

    [Fact]
    public void StepsOutsideOfTheWindowDoNotCount()
    {
        // Six of 30 are computed outside, and the two that are computed within are no fifth.
        using var network = Toy.Affine(-0.5, 3);
        var decisions = Decide(network, new(1e-9, 0.2, 0.8) { ByComputed = true });

        Assert.All(decisions, d => Assert.False(d.Skip));
        Assert.Equal([.. Enumerable.Repeat(0.5, 12), .. Enumerable.Repeat(1.0, 18)], decisions.Select(d => d.Threshold / 1e-9), (a, b) => Math.Abs(a - b) < 1e-6);
    }

    /// <summary>Small moves and large ones in turn.</summary>
    private static double[] Moving => [.. Enumerable.Range(0, Steps).Select(i => 10 + (0.4 * i) + (1.5 * Math.Sin(0.9 * i)))];

    private static Decision[] Decide(IDenoiser network, UCache method)
    {
        using var scope = NewDisposeScope();
        return [.. new Replay([.. Moving.Select(x => full([1, 1, 4, 4], x))]).Run(network, method).Steps.Select(s => s.Decisions.Single())];
    }

    /// <summary>The rule of the published program, on inputs and outputs that are the same in every element.</summary>
    private static List<(bool Skip, double Limit, double? Error)> Published(double[] inputs, Func<double, double> network, double threshold, double decay)
    {
        var told = new List<(bool, double, double?)>();
        (double Input, double Output)? last = null;
        double? rate = null, trend = null;
        var (sum, computed, skipped) = (0.0, 0, 0);
        foreach (var x in inputs)
        {
            var share = computed / (double)inputs.Length;
            var limit = threshold * (share < 0.2 ? 0.5 : share > 0.8 ? 1.5 : 1);
            var moved = last is { } before ? Math.Abs(x - before.Input) : 0;
            double? error = null;
            if (rate is { } k && last is { } full)
            {
                var scale = Math.Sqrt(Math.Max(Math.Abs(full.Output), 1e-6) * Math.Max(trend!.Value * 1.6, 1e-6));
                error = (sum * decay) + (k * moved / scale * (1 + (0.5 * skipped)));
                sum = error < limit ? error.Value : 0;
            }

            told.Add((error < limit, limit, error));
            if (error < limit)
            {
                skipped++;
                continue;
            }

            var output = network(x);
            if (last is { } then)
            {
                var change = Math.Abs(output - then.Output);
                trend = trend is { } usual ? (0.8 * usual) + (0.2 * change) : change;
                rate = change / moved;
            }

            (last, computed, skipped) = ((x, output), computed + 1, 0);
        }

        return told;
    }
}
