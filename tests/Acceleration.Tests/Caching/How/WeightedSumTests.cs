using Acceleration.Tests.Core;
using Acceleration.Tests.Toys;
using static TorchSharp.torch;

namespace Acceleration.Tests.Caching;

public sealed class WeightedSumTests : CoreTest
{
    [Theory]
    [InlineData(1.667, -0.167, -0.5)]
    [InlineData(1.25, -0.5, 0.75, -0.5)]
    [InlineData(-0.5, 1.5)]
    [InlineData(1.0, 0.0)]
    // The first two cancel: they have no mean.
    [InlineData(1.5, -1.5, 1.0)]
    public void AMeanIsTheSumByItsWeights(params double[] weights)
    {
        using var scope = NewDisposeScope();
        foreach (var type in new[] { ScalarType.Float32, ScalarType.BFloat16 })
        {
            Tensor[] values = [.. weights.Select((_, i) =>
            {
                using var drawn = Toy.Matrix((ulong)i + 3, 1, 3, 50);
                return drawn.to(type, copy: true);
            })];
            float[][] before = [.. values.Select(v => v.Floats())];

            var mean = WeightedSum.OfMean(values, [.. weights.Select(w => new[] { w })]).Floats();

            for (var i = 0; i < mean.Length; i++)
            {
                Assert.Equal(weights.Index().Sum(w => w.Item * before[w.Index][i]), mean[i], 1e-6 * weights.Index().Sum(w => Math.Abs(w.Item * before[w.Index][i])) + 1e-7);
            }

            Assert.Equal(before, values.Select(v => v.Floats()));
        }
    }

    [Fact]
    public void RowsHaveMeansOfTheirOwn()
    {
        using var scope = NewDisposeScope();
        Tensor[] values = [ones(2, 3), ones(2, 3) * 5];
        Close.All([2, 2, 2, -3, -3, -3], WeightedSum.OfMean(values, [[0.75, 2], [0.25, -1]]).Floats());
    }
}
