namespace Acceleration.Tests.Caching.Calibrated;

public sealed class BlockSchedulesTests
{
    [Theory]
    [InlineData(SegmentObjective.Anchor)]
    [InlineData(SegmentObjective.Adjacent)]
    public void NoOtherStepsAreBetter(SegmentObjective objective)
    {
        for (var seed = 0; seed < 6; seed++)
        {
            var random = new Random(seed);
            for (var steps = 1; steps <= 10; steps++)
            {
                var similarity = Matrix(steps, (_, _) => (2 * random.NextDouble()) - 1);
                for (var updates = 1; updates <= steps; updates++)
                {
                    var found = BlockSchedules.Of(similarity, updates, objective);
                    var best = Subsets(steps, updates).Max(s => Score(similarity, s, objective));

                    Assert.Equal(updates, found.Count);
                    Assert.Equal(found, new AtSteps(found).Steps);
                    Assert.Equal(best, Score(similarity, found, objective), 1e-12);
                }
            }
        }
    }

    [Fact]
    public void ThePapersObjectiveTakesTheStepsLeastLikeTheirPredecessor()
    {
        var random = new Random(3);
        var similarity = Matrix(40, (_, _) => random.NextDouble());
        for (var updates = 1; updates <= 40; updates++)
        {
            int[] least = [0, .. Enumerable.Range(1, 39).OrderBy(k => similarity[k - 1, k]).Take(updates - 1)];
            Assert.Equal(least.Order(), BlockSchedules.Of(similarity, updates, SegmentObjective.Adjacent));
        }
    }

    [Fact]
    public void SegmentsLieWhereOutputsAreAlike()
    {
        // Three plateaus: within one all outputs are the same.
        int[] plateau = [0, 0, 0, 1, 1, 2, 2, 2];
        var similarity = Matrix(8, (a, t) => plateau[a] == plateau[t] ? 1 : 0.2);
        Assert.Equal([0, 3, 5], BlockSchedules.Of(similarity, 3));
        Assert.Equal([0, 3, 5], BlockSchedules.Of(similarity, 3, SegmentObjective.Adjacent));
    }

    [Fact]
    public void EveryStepAnUpdateIsNoCache() => Assert.Equal(Enumerable.Range(0, 12), BlockSchedules.Of(Matrix(12, (a, t) => 1.0 / (1 + t - a)), 12));

    [Fact]
    public void LastStepsCanBeForced()
    {
        Assert.Equal([0, 40, 98, 99], BlockSchedules.ForceFrom([0, 40], 98, 100));
        Assert.Equal([0, 40, 98, 99], BlockSchedules.ForceFrom([0, 40, 99], 98, 100));
        Assert.Equal([0, 40], BlockSchedules.ForceFrom([0, 40], 100, 100));
    }

    [Fact]
    public void VolatilityIsTheMeanDistanceOfPairs()
    {
        Assert.Equal(2, BlockSchedules.Volatility(Matrix(3, (a, t) => t == a ? 100 : a + t)), 1e-12);
        Assert.Equal(0, BlockSchedules.Volatility(Matrix(1, (_, _) => 5)));
    }

    [Fact]
    public void BadMatricesAreNamed()
    {
        Assert.Contains("got [2, 3]", Assert.Throws<ArgumentException>(() => BlockSchedules.Of(new double[2, 3], 1)).Message);
        Assert.Contains("Entry [0, 1] is NaN", Assert.Throws<ArgumentException>(() => BlockSchedules.Of(Matrix(3, (a, t) => t > a ? double.NaN : 0), 1)).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => BlockSchedules.Of(Matrix(3, (_, _) => 0), 4));
        Assert.Throws<ArgumentOutOfRangeException>(() => BlockSchedules.Of(Matrix(3, (_, _) => 0), 0));
    }

    internal static double[,] Matrix(int steps, Func<int, int, double> entry)
    {
        var matrix = new double[steps, steps];
        for (var i = 0; i < steps; i++)
        {
            for (var j = 0; j < steps; j++)
            {
                matrix[i, j] = entry(i, j);
            }
        }

        return matrix;
    }

    /// <summary>All ascending lists of so many of the steps that begin with 0.</summary>
    internal static IEnumerable<int[]> Subsets(int steps, int count) =>
        from mask in Enumerable.Range(0, 1 << steps)
        where (mask & 1) == 1 && int.PopCount(mask) == count
        select Enumerable.Range(0, steps).Where(i => (mask >> i & 1) == 1).ToArray();

    private static double Score(double[,] similarity, IReadOnlyList<int> steps, SegmentObjective objective)
    {
        var sum = 0.0;
        for (var t = 0; t < similarity.GetLength(0); t++)
        {
            var anchor = steps.Last(s => s <= t);
            sum += objective == SegmentObjective.Anchor ? similarity[anchor, t] : t > anchor ? similarity[t - 1, t] : 0;
        }

        return sum;
    }
}
