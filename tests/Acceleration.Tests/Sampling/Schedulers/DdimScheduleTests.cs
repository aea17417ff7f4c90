namespace Acceleration.Tests.Sampling.Schedulers;

public sealed class DdimScheduleTests
{
    private static NoiseTable Table => NoiseTableTests.StableDiffusionTable;

    [Fact]
    public void TheReferenceArrivesAWholeStrideLowerWhateverTheNextTimestep()
    {
        var grid = DdimSchedule.Make(Table, 6, TimestepSpacing.Trailing);

        Assert.Equal([999, 832, 666, 499, 332, 166], grid.Points.Select(p => p.Time));
        Assert.Equal([833, 666, 500, 333, 166, 0], grid.Targets.Select(p => p.Time));
        Assert.Equal(Table.At(833), grid.Targets[0]);
        Assert.Equal(Table.At(0), grid.Targets[^1]);
    }

    [Fact]
    public void AStrictScheduleArrivesWhereTheNextStepStarts()
    {
        var grid = DdimSchedule.Make(Table, 6, TimestepSpacing.Trailing, strict: true);

        Assert.Equal(grid.Points.Skip(1), grid.Targets.SkipLast(1));
        Assert.Equal(new GridPoint(0, 1, 0), grid.Targets[^1]);
    }

    [Fact]
    public void BothAgreeWhereStepsDivideTheTrainingSteps()
    {
        var parity = DdimSchedule.Make(Table, 10, TimestepSpacing.Leading, 1, setAlphaToOne: false);
        var strict = DdimSchedule.Make(Table, 10, TimestepSpacing.Leading, 1, setAlphaToOne: false, strict: true);

        Assert.Equal(parity.Points, strict.Points);
        Assert.Equal(parity.Targets, strict.Targets);
        Assert.Equal(Table.At(0), strict.Targets[^1]);
    }

    [Fact]
    public void AnyDescendingTimestepsMakeASchedule()
    {
        var grid = DdimSchedule.Through("searched", Table, [999, 500, 20]);

        Assert.Equal("searched", grid.Name);
        Assert.Equal([Table.At(999), Table.At(500), Table.At(20)], grid.Points);
        Assert.Equal([Table.At(500), Table.At(20), new(0, 1, 0)], grid.Targets);
    }

    [Fact]
    public void BadArgumentsAreRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => DdimSchedule.Make(Table, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => DdimSchedule.Make(Table, 1001));
        Assert.Throws<ArgumentOutOfRangeException>(() => DdimSchedule.Make(Table, 1000, stepsOffset: 1));
        Assert.Throws<ArgumentNullException>(() => DdimSchedule.Make(null!, 10));
        Assert.Throws<ArgumentOutOfRangeException>(() => DdimSchedule.Through("x", Table, [1000]));
        Assert.Throws<ArgumentException>(() => DdimSchedule.Through("x", Table, []));
        Assert.Contains("timestep 1 is 5", Assert.Throws<ArgumentException>(() => DdimSchedule.Through("x", Table, [5, 5])).Message);
    }
}
