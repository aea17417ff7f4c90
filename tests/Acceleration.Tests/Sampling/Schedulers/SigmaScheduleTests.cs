namespace Acceleration.Tests.Sampling.Schedulers;

public sealed class SigmaScheduleTests
{
    private static NoiseTable Table => NoiseTableTests.StableDiffusionTable;

    [Fact]
    public void LinspaceIsNotRoundedAndTrailingStartsAtTheEnd()
    {
        var grid = On(new SigmaGrid(5));
        Near.All([999, 749.25, 499.5, 249.75], grid.Points.Take(4).Select(p => p.Time), 1e-7);
        Near.All([14.61465, 4.08609, 1.61558, 0.69515, 0.02917], Levels(grid), 2e-4);
        Assert.Equal([999, 799, 599, 399, 199], On(new SigmaGrid(5) { Spacing = TimestepSpacing.Trailing }).Points.Select(p => p.Time));
        Assert.Equal([801, 601, 401, 201, 1], On(new SigmaGrid(5) { Spacing = TimestepSpacing.Leading, Offset = 1 }).Points.Select(p => p.Time));
        Assert.All(grid.Points.Append(grid.Targets[^1]), p => Assert.Equal(1, p.Alpha));
        Assert.Equal(new GridPoint(0, 1, 0), grid.Targets[^1]);
    }

    [Fact]
    public void FirstLatentsHaveTheirLevelOrWithLeadingSpacingTheWholeVariance()
    {
        Assert.Equal(Table.SigmaRatios[999], On(new SigmaGrid(5)).InitialNoiseScale);
        Assert.Equal(Table.SigmaRatios[999], On(new SigmaGrid(5) { Spacing = TimestepSpacing.Trailing }).InitialNoiseScale);
        var leading = On(new SigmaGrid(5) { Spacing = TimestepSpacing.Leading });
        Assert.Equal(Math.Sqrt(1 + Math.Pow(leading.Points[0].Sigma, 2)), leading.InitialNoiseScale, 1e-6);
    }

    [Fact]
    public void ShapesRunBetweenTheEndsOfTheSpacingUnlessOthersAreGiven()
    {
        var leading = On(new SigmaGrid(5) { Spacing = TimestepSpacing.Leading });
        foreach (var shape in (SigmaShape[])[SigmaShape.Karras, SigmaShape.Exponential, SigmaShape.Beta])
        {
            var within = On(new SigmaGrid(5) { Spacing = TimestepSpacing.Leading, Shape = shape });
            Near.All([leading.Points[0].Sigma, leading.Points[^1].Sigma], [within.Points[0].Sigma, within.Points[^1].Sigma], 1e-6);
            var given = On(new SigmaGrid(5) { Shape = shape, Largest = 10, Smallest = 0.1 });
            Near.All([10, 0.1], [given.Points[0].Sigma, given.Points[^1].Sigma], 1e-6);
            Near.All(Levels(given), given.Points.Select(p => SigmaLookup.RatioAt(Table, p.Time)), 1e-3);
            Assert.Contains(given.Points, p => p.Time != Math.Round(p.Time));
            Assert.All(On(new SigmaGrid(5) { Shape = shape, WholeTimes = true }).Points, p => Assert.Equal(Math.Round(p.Time), p.Time));
        }
    }

    [Fact]
    public void LogLinearLevelsStopBeforeTheirEnd()
    {
        var grid = On(new SigmaGrid(4) { Shape = SigmaShape.LogLinear });
        double max = Table.SigmaRatios[999], min = Table.SigmaRatios[0];

        Assert.Equal((4, 5), (grid.Steps, grid.WholeSteps));
        Near.All([max, Math.Pow(max, 0.75) * Math.Pow(min, 0.25), Math.Sqrt(max * min), Math.Pow(max, 0.25) * Math.Pow(min, 0.75), min], [.. Levels(grid), grid.Targets[^1].Sigma], 1e-5);
        Near.All([999, 666, 333, 0], grid.Points.Select(p => p.Time), 1e-6);
    }

    [Fact]
    public void ContinuousTimesAreAQuarterOfTheLogarithm()
    {
        var grid = On(new SigmaGrid(5) { Continuous = true, Shape = SigmaShape.Karras });
        Near.All(grid.Points.Select(p => 0.25 * Math.Log(p.Sigma)), grid.Points.Select(p => p.Time), 1e-6);
        Near.All([0.25 * Math.Log(2)], [grid.Level!(2).Time], 1e-6);
    }

    [Fact]
    public void LevelsBetweenAreThoseOfTraining()
    {
        var grid = On(new SigmaGrid(5));
        Assert.Equal(500, grid.Level!(Table.SigmaRatios[500]).Time, 1e-3);
        Assert.Equal((1f, 3.5f), (grid.Level(3.5f).Alpha, grid.Level(3.5f).Sigma));
        Assert.NotNull(grid.From(2).Level);
    }

    [Fact]
    public void ARunMayEndAtTheFirstTrainingLevel()
    {
        var grid = On(new SigmaGrid(5) { EndsClean = false, Shape = SigmaShape.Karras });
        Assert.Equal(new GridPoint(0, 1, Table.SigmaRatios[0]), grid.Targets[^1]);
        Assert.Equal(new GridPoint(0, 1, Table.SigmaRatios[0]), On(new SigmaGrid(5) { EndsClean = false }).Targets[^1]);
    }

    [Fact]
    public void ZeroTerminalSnrCountsAsAFiniteLevel()
    {
        var table = NoiseTableTests.StableDiffusion(zeroTerminalSnr: true);
        var grid = new SigmaGrid(5) { Spacing = TimestepSpacing.Trailing }.On(Network(table));
        Near.All([4096.0, 7.410708, 2.604857, 1.241375, 0.594752], Levels(grid), 2e-5);
        Near.All([4096], [grid.InitialNoiseScale], 1e-6);
    }

    [Fact]
    public void GivenLevelsAndTimesAreFollowed()
    {
        var levels = SigmaSchedule.FromLevels(Table, [10, 2, 0.5, 0]);
        Assert.Equal([10f, 2f, 0.5f], levels.Points.Select(p => p.Sigma));
        Assert.Equal(0, levels.Targets[^1].Sigma);
        Near.All([10.0, 2, 0.5], levels.Points.Select(p => SigmaLookup.RatioAt(Table, p.Time)), 1e-3);

        var times = SigmaSchedule.FromTimes(Table, [900, 450.5, 10]);
        Assert.Equal([900, 450.5, 10], times.Points.Select(p => p.Time));
        Assert.Equal((Table.SigmaRatios[450] + Table.SigmaRatios[451]) / 2, times.Points[1].Sigma, 1e-5);
        Assert.Equal(Table.SigmaRatios[0], SigmaSchedule.FromTimes(Table, [900, 10], endsClean: false).Targets[^1].Sigma);
    }

    [Fact]
    public void BadOnesAreRefused()
    {
        Assert.Contains("level 1 is 2 after 1", Assert.Throws<ArgumentException>(() => SigmaSchedule.FromLevels(Table, [1, 2, 0])).Message);
        Assert.Contains("level 1 is 0", Assert.Throws<ArgumentException>(() => SigmaSchedule.FromLevels(Table, [1, 0, 0])).Message);
        Assert.Contains("two levels", Assert.Throws<ArgumentException>(() => SigmaSchedule.FromLevels(Table, [1])).Message);
        Assert.Contains("number 0 is 1000", Assert.Throws<ArgumentException>(() => SigmaSchedule.FromTimes(Table, [1000, 5])).Message);
        Assert.Contains("number 1 is 5 after 5", Assert.Throws<ArgumentException>(() => SigmaSchedule.FromTimes(Table, [5, 5])).Message);
        Assert.Throws<ArgumentException>(() => SigmaSchedule.FromTimes(Table, []));
        Assert.Throws<ArgumentOutOfRangeException>(() => new SigmaGrid(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new SigmaGrid(5) { Largest = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new SigmaGrid(5) { Smallest = double.NaN });
        Assert.Throws<ArgumentOutOfRangeException>(() => On(new SigmaGrid(5) { Shape = SigmaShape.Karras, Largest = 1, Smallest = 2 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => On(new SigmaGrid(1001)));
        Assert.Throws<InvalidOperationException>(() => new SigmaGrid(5).On(Network(null)));
    }

    private static Schedule On(SigmaGrid grid) => grid.On(Network(Table));

    private static DenoiserInfo Network(NoiseTable? table) => new() { Name = "any", Prediction = PredictionType.Epsilon, SampleSize = [1, 2, 2], Noise = table };

    private static IEnumerable<double> Levels(Schedule grid) => grid.Points.Select(p => (double)p.Sigma);
}
