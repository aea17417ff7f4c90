namespace Acceleration.Tests.Caching.Calibrated;

public sealed class LayerImportanceTests
{
    [Fact]
    public void ALayerThatChangesNothingHasNoneAndGoesFirst()
    {
        var importance = new LayerImportance(3);
        importance.Add(0, [1, 0, 0, 1], [0, 1, 0, 1], 2);
        importance.Add(1, [1, 2, 3, 4], [1, 2, 3, 4], 2);
        importance.Add(2, [1, 0], [-1, 0], 2);

        Assert.Equal([0.5, 0, 2], importance.Scores, (a, b) => Math.Abs(a - b) < 1e-12);
        Assert.Equal([1], importance.Least(1));
        Assert.Equal([0, 1], importance.Least(2));
        Assert.Empty(importance.Least(0));
    }

    [Fact]
    public void TokensCountAlikeHoweverTheyAreAdded()
    {
        var (whole, parts) = (new LayerImportance(1), new LayerImportance(1));
        float[] input = [1, 0, 0, 1, 1, 1, 2, 5];
        float[] output = [3, 1, 0, 7, -1, 1, 2, 4];
        whole.Add(0, input, output, 2);
        parts.Add(0, input.AsSpan(0, 2), output.AsSpan(0, 2), 2);
        parts.Add(0, input.AsSpan(2), output.AsSpan(2), 2);
        Assert.Equal(whole.Scores[0], parts.Scores[0], 1e-12);
    }

    [Fact]
    public void WhatIsMissingIsNamed()
    {
        var importance = new LayerImportance(2);
        importance.Add(0, [1], [1], 1);
        Assert.Equal("Nothing was added to layer 1.", Assert.Throws<InvalidOperationException>(() => importance.Scores).Message);
        Assert.Throws<ArgumentException>(() => importance.Add(1, [1, 2, 3], [1, 2, 3], 2));
        Assert.Throws<ArgumentException>(() => importance.Add(1, [1, 2], [1], 1));
        Assert.Throws<ArgumentException>(() => importance.Add(1, [float.NaN], [1], 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => importance.Add(2, [1], [1], 1));
    }
}
