namespace Acceleration.Tests.Caching.Calibrated;

public sealed class BubblingUnionTests
{
    private static readonly BlockSchedule[] Blocks =
    [
        new("blocks.0.attention", false, 5, [0, 4]),
        new("blocks.0.ff", true, 1, [0, 2]),
        new("blocks.1.attention", false, 2, [0, 6]),
        new("blocks.1.ff", true, 9, [0, 3]),
        new("blocks.2.attention", false, 1, [0, 8]),
        new("blocks.2.ff", true, 3, [0, 5]),
    ];

    [Fact]
    public void TheMostVolatileBlocksAreComputedWithEveryFeedForwardBehindThem() =>
        Assert.Equal([[0, 2, 3, 4, 5], [0, 2], [0, 6], [0, 3, 5], [0, 8], [0, 5]], BubblingUnion.Of(Blocks, 2).Select(b => b.Steps));

    [Fact]
    public void FeedForwardPartsCanBeRankedAlone() =>
        Assert.Equal([[0, 4], [0, 2], [0, 6], [0, 3, 5], [0, 8], [0, 5]], BubblingUnion.Of(Blocks, 1, feedForwardOnly: true).Select(b => b.Steps));

    [Fact]
    public void NoneSelectedChangesNothingAndAllSelectedContainAllFeedForwardsBehindThem()
    {
        Assert.Equal(Blocks, BubblingUnion.Of(Blocks, 0));
        var all = BubblingUnion.Of(Blocks, 100);
        for (var u = 0; u < Blocks.Length; u++)
        {
            Assert.Equal(Blocks[u].Steps.Union(Blocks.Skip(u + 1).Where(b => b.FeedForward).SelectMany(b => b.Steps)).Order(), all[u].Steps);
            // A repaired schedule behind it brings nothing that it does not have.
            Assert.All(all.Skip(u + 1).Where(b => b.FeedForward), v => Assert.Subset(all[u].Steps.ToHashSet(), v.Steps.ToHashSet()));
        }
    }

    [Fact]
    public void SchedulesBeginWithZeroAndAscend()
    {
        Assert.Throws<ArgumentException>(() => new BlockSchedule("blocks.0", false, 0, [1, 2]));
        Assert.Throws<ArgumentException>(() => Blocks[0] with { Steps = [0, 2, 2] });
        Assert.Throws<ArgumentOutOfRangeException>(() => BubblingUnion.Of(Blocks, -1));
    }
}
