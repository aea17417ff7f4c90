namespace Acceleration.Tests.Caching.Calibrated;

public sealed class StepSimilarityTests
{
    private static readonly double[,] Alike = BlockSchedulesTests.Matrix(25, (_, _) => 1);

    [Fact]
    public void PublishedRunsCompute13Of25()
    {
        var steps = StepSimilarity.Steps(Alike);
        Assert.Equal(13, steps.Count);
        Assert.Equal(Enumerable.Range(0, 13).Select(i => 2 * i), steps);
    }

    [Fact]
    public void AboveOneAllAreComputedAndWithoutABoundOnlyTheEnds()
    {
        Assert.Equal(Enumerable.Range(0, 25), StepSimilarity.Steps(Alike, 1.001));
        Assert.Equal(Enumerable.Range(0, 25), StepSimilarity.Steps(Alike, 0.5, 0));
        Assert.Equal([0, 24], StepSimilarity.Steps(Alike, 1, 100));
        Assert.Equal([0], StepSimilarity.Steps(new double[1, 1]));
    }

    [Fact]
    public void StepsAreComparedWithTheLastComputedOne()
    {
        // Each step is 0.02 less like the next: from 0.95 on two steps away are alike, three are not.
        var drifting = BlockSchedulesTests.Matrix(11, (i, j) => 1 - (0.02 * (j - i)));
        Assert.Equal([0, 3, 6, 9, 10], StepSimilarity.Steps(drifting, mostReused: 5));
    }

    [Fact]
    public void BadSettingsAreRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => StepSimilarity.Steps(Alike, double.NaN));
        Assert.Throws<ArgumentOutOfRangeException>(() => StepSimilarity.Steps(Alike, mostReused: -1));
        Assert.Throws<ArgumentException>(() => StepSimilarity.Steps(new double[2, 1]));
    }
}
