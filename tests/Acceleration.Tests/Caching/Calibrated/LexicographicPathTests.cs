namespace Acceleration.Tests.Caching.Calibrated;

public sealed class LexicographicPathTests
{
    [Fact]
    public void NoOtherPathComesFirst()
    {
        for (var seed = 0; seed < 12; seed++)
        {
            var random = new Random(seed);
            for (var steps = 2; steps <= 8; steps++)
            {
                // Few different errors: many ties in the largest; some segments unknown.
                var errors = BlockSchedulesTests.Matrix(steps, (_, _) => random.Next(8) == 0 ? double.NaN : random.Next(1, 5));
                for (var computed = 2; computed <= steps; computed++)
                {
                    double[][] all = [.. BlockSchedulesTests.Subsets(steps, computed).Where(s => s[^1] == steps - 1).Select(s => Costs(errors, s)).Where(c => !c.Any(double.IsNaN))];
                    if (all.Length == 0)
                    {
                        Assert.Throws<InvalidOperationException>(() => LexicographicPath.Of(errors, computed));
                        continue;
                    }

                    var found = LexicographicPath.Of(errors, computed);
                    Assert.Equal((0, steps - 1, computed), (found[0], found[^1], found.Count));
                    Assert.Equal(all.Order(Comparer<double[]>.Create((a, b) => a.AsSpan().SequenceCompareTo(b))).First(), Costs(errors, found));
                }
            }
        }
    }

    [Fact]
    public void ItsWorstSegmentIsNoWorseThanThatOfAnEvenPath()
    {
        var random = new Random(4);
        var errors = BlockSchedulesTests.Matrix(31, (i, j) => (j - i) * random.NextDouble() / (1 + i));
        foreach (var every in new[] { 2, 3, 5, 6 })
        {
            int[] even = [.. Enumerable.Range(0, (30 / every) + 1).Select(k => k * every)];
            Assert.True(Costs(errors, LexicographicPath.Of(errors, even.Length))[0] <= Costs(errors, even)[0]);
        }
    }

    [Fact]
    public void AllStepsOrNeighboursAloneAreNoCache()
    {
        var unknown = BlockSchedulesTests.Matrix(6, (_, _) => double.NaN);
        Assert.Equal(Enumerable.Range(0, 6), LexicographicPath.Of(unknown, 6));
        Assert.Contains("No 5 of 6 steps are joined", Assert.Throws<InvalidOperationException>(() => LexicographicPath.Of(unknown, 5)).Message);
        Assert.Equal([0], LexicographicPath.Of(new double[1, 1], 1));
    }

    [Fact]
    public void BadErrorsAreNamed()
    {
        Assert.Contains("Entry [0, 2] is -1", Assert.Throws<ArgumentException>(() => LexicographicPath.Of(BlockSchedulesTests.Matrix(4, (_, _) => -1), 2)).Message);
        Assert.Throws<ArgumentException>(() => LexicographicPath.Of(new double[3, 4], 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => LexicographicPath.Of(new double[4, 4], 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => LexicographicPath.Of(new double[4, 4], 5));
    }

    /// <summary>Of a path, the largest first.</summary>
    private static double[] Costs(double[,] errors, IReadOnlyList<int> path) =>
        [.. path.Zip(path.Skip(1), (a, b) => b == a + 1 ? 0 : errors[a, b]).OrderDescending()];
}
