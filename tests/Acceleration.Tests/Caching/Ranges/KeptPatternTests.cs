namespace Acceleration.Tests.Caching;

public sealed class KeptPatternTests
{
    [Fact]
    public void PublishedListsComeOut()
    {
        Assert.Equal([0, 6, 12, 18, 24, 29], KeptPattern.Published(30, 5));
        Assert.Equal([.. Enumerable.Range(0, 17), 27], KeptPattern.Published(28, 1.5));
        Assert.Equal([(17, 27)], KeptPattern.Skipped(KeptPattern.Published(28, 1.5), 28));
        Assert.Equal([0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 27], KeptPattern.Published(28, 2));
        Assert.Equal((25, 27), KeptPattern.Skipped(KeptPattern.Published(28, 2), 28)[^1]);
    }

    [Fact]
    public void EvenPatternsKeepFirstAndLastTheirNumberAndGapsThatDifferByOne()
    {
        for (var blocks = 2; blocks <= 60; blocks++)
        {
            for (var kept = 2; kept <= blocks; kept++)
            {
                var pattern = KeptPattern.Even(blocks, kept);
                int[] gaps = [.. pattern.Zip(pattern.Skip(1), (a, b) => b - a)];

                Assert.Equal((0, blocks - 1, kept), (pattern[0], pattern[^1], pattern.Distinct().Count()));
                Assert.True(gaps.Max() - gaps.Min() <= 1 && gaps.Min() > 0, $"{kept} of {blocks}: {string.Join(", ", pattern)}");
            }
        }

        Assert.Equal([0, 6, 12, 17, 23, 29], KeptPattern.Even(30, 6));
        Assert.Equal([0], KeptPattern.Even(1, 1));
    }

    [Fact]
    public void KeptAndSkippedBlocksAreAll()
    {
        Assert.Empty(KeptPattern.Skipped(KeptPattern.Even(7, 7), 7));
        Assert.Equal([(1, 3), (4, 6)], KeptPattern.Skipped(KeptPattern.Even(7, 3), 7));
        Assert.Equal([(0, 2), (3, 5)], KeptPattern.Skipped([2], 5));
        Assert.Equal([(0, 5)], KeptPattern.Skipped([], 5));
        for (var kept = 2; kept <= 28; kept++)
        {
            var skipped = KeptPattern.Skipped(KeptPattern.Even(28, kept), 28).SelectMany(r => Enumerable.Range(r.From, r.To - r.From));
            Assert.Equal(Enumerable.Range(0, 28), skipped.Concat(KeptPattern.Even(28, kept)).Order());
        }
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(5, 1)]
    [InlineData(5, 6)]
    public void OtherNumbersAreRefused(int blocks, int kept) => Assert.Throws<ArgumentOutOfRangeException>(() => KeptPattern.Even(blocks, kept));

    [Theory]
    [InlineData(0.9)]
    [InlineData(4.1)]
    [InlineData(double.NaN)]
    public void SpeedupsThatDoNotKeepTwoBlocksAreRefused(double speedup) => Assert.Throws<ArgumentOutOfRangeException>(() => KeptPattern.Published(8, speedup));
}
