namespace Acceleration.Tests.Caching.Calibrated;

public sealed class VisualTokensTests
{
    [Fact]
    public void ExactlySoManyAreKeptTheBestAmongThem()
    {
        var random = new Random(6);
        double[] scores = [.. Enumerable.Range(0, 64).Select(_ => random.NextDouble())];
        float[] features = [.. Enumerable.Range(0, 64 * 5).Select(_ => (float)random.NextDouble() - 0.5f)];
        int[] ranked = [.. Enumerable.Range(0, 64).OrderByDescending(i => scores[i])];
        foreach (var (keep, best, share) in new[] { (1, 0, 0.0), (1, 1, 0.5), (16, 4, 0.0), (16, 4, 0.5), (16, 8, 1.0), (16, 0, 0.0), (64, 8, 0.5), (16, 16, 0.3) })
        {
            var kept = VisualTokens.Select(scores, features, keep, best, share);
            Assert.Equal(keep, kept.Distinct().Count());
            Assert.Equal(kept.Order(), kept);
            Assert.Subset(kept.ToHashSet(), ranked.Take(best).ToHashSet());
        }

        Assert.Equal(ranked.Take(20).Order(), VisualTokens.Select(scores, features, 20, 4, 1));
    }

    [Fact]
    public void TheRestIsUnlikeWhatIsChosen()
    {
        // The best token looks along x, as do the next three; of the others one looks along y, one back, one between.
        double[] scores = [9, 8, 7, 6, 1, 2, 3];
        float[] features = [1, 0, 2, 0, 3, 0, 1, 0.1f, 0, 1, -1, 0, 1, 1];
        Assert.Equal([0, 5], VisualTokens.Select(scores, features, 2, 1, 0));
        Assert.Equal([0, 4, 5], VisualTokens.Select(scores, features, 3, 1, 0));
        Assert.Equal([0, 4, 5, 6], VisualTokens.Select(scores, features, 4, 1, 0));
        Assert.Equal([0, 1, 2, 5], VisualTokens.Select(scores, features, 4, 1, 0.5));
    }

    [Fact]
    public void ScoresAreMeansOverHeadsAndLookingTokens() =>
        Assert.Equal([0.4, 0.6], VisualTokens.Scores([0.1f, 0.9f, 0.3f, 0.7f, 0.5f, 0.5f, 0.7f, 0.3f], 2), (a, b) => Math.Abs(a - b) < 1e-6);

    [Fact]
    public void BadInputsAreNamed()
    {
        Assert.Throws<ArgumentException>(() => VisualTokens.Scores([1, 2, 3], 2));
        Assert.Contains("got 3 numbers and 2 scores", Assert.Throws<ArgumentException>(() => VisualTokens.Select([1, 2], [1, 2, 3], 1, 1)).Message);
        Assert.Contains("not a number", Assert.Throws<ArgumentException>(() => VisualTokens.Select([1, double.NaN], [1, 2], 1, 1)).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => VisualTokens.Select([1, 2], [1, 2], 3, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => VisualTokens.Select([1, 2], [1, 2], 1, 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => VisualTokens.Select([1, 2], [1, 2], 1, 1, 1.5));
    }
}
