using Acceleration.Tests.Core;
using Acceleration.Tests.Toys;

namespace Acceleration.Tests.Caching.Calibrated.Recorded;

public sealed class RecordedDampingTests : LiveTensorTest
{
    /// <summary>Outputs that lie on a line over steps want all of it; those that stop want none.</summary>
    [Fact]
    public void DampingFollowsWhatTheOutputsDo()
    {
        using var line = Toy.LinearInTime(1, 3);
        var damping = new RecordedDamping(Where.Prediction);
        Recording.Of(Sampler.For(line).FlowEuler(9), 1, damping);
        Assert.All(damping.Factors(), f => Recording.Equal(1, Math.Round(f, 4)));
        Assert.All(damping.Errors(_ => 1), e => Assert.InRange(e, -1e-9, 1e-9));
        Assert.Equal("C:prediction:every3w3:out^damped", damping.Fit().Tag[..32]);
    }

    [Fact]
    public void DampingIsTheBestFactorForEachDistance()
    {
        using var curve = Toy.QuadraticInTime(1, -4, 5);
        var damping = new RecordedDamping(Where.Prediction, every: 4, warmup: 2);
        Recording.Of(Sampler.For(curve).FlowEuler(14), 1, damping);
        double Y(int step) => Math.Pow(1 - (step / 14.0), 2) is var s2 ? (5 * s2) - (4 * (1 - (step / 14.0))) + 1 : 0;

        // Computed: 0, 1, 5, 9, 13.
        (int Last, int Before)[] pairs = [(1, 0), (5, 1), (9, 5)];
        for (var k = 1; k <= 3; k++)
        {
            var (products, squares) = (0.0, 0.0);
            foreach (var (last, before) in pairs)
            {
                var (moved, slope) = (Y(last + k) - Y(last), (Y(last) - Y(before)) * k / (last - before));
                (products, squares) = (products + (moved * slope), squares + (slope * slope));
            }

            Assert.Equal(Math.Clamp(products / squares, 0, 10), damping.Factors(most: 10)[k - 1], 4);
            var best = damping.Errors(i => damping.Factors(most: 10)[i])[k - 1];
            Assert.All([0.0, 0.3, 1.0], f => Assert.True(best <= damping.Errors(_ => f)[k - 1] + 1e-9));
        }
    }
}
