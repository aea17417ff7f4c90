namespace Acceleration.Tests.Sampling.Schedulers;

public sealed class FlowScheduleTests
{
    private const double Golden = 2e-5;

    private static readonly double[] Quarters = [1, 0.75, 0.5, 0.25];

    [Fact]
    public void GoldenLevelsHold()
    {
        Near.All([1, 0.667, 0.334, 0.001], Levels(FlowSchedule.Make(4)), Golden);
        Near.All([1, 0.857692, 0.602151, 0.008929], Levels(FlowSchedule.Make(4, FlowShift.Static(3))), 1e-4);
        Near.All([1, 0.751121, 0.008929], Levels(FlowSchedule.Make(3, FlowShift.Static(3))), 1e-4);
        Near.All([1, 0.904531, 0.759511, 0.512844], Levels(FlowSchedule.FromSigmas(Quarters, FlowShift.Dynamic(1.15))), Golden);
        Near.All(
            [1, 0.823625, 0.555707, 0.1], Levels(FlowSchedule.FromSigmas(Quarters, FlowShift.Dynamic(1.15), shiftTerminal: 0.1)), Golden);
    }

    [Fact]
    public void OnlyTheDefaultPathShiftsTheLowerEndTwice()
    {
        var shift = FlowShift.Static(3);
        var once = shift.Apply(0.001);

        Near.All([once], [0.002994], 1e-3);
        Near.All([shift.Apply(once)], Levels(FlowSchedule.Make(2, shift)).TakeLast(1));
        Near.All([once], Levels(FlowSchedule.FromSigmas([1, 0.001], shift)).TakeLast(1));
        Near.All([FlowShift.Dynamic(1.15).Apply(0.001)], Levels(FlowSchedule.Make(2, FlowShift.Dynamic(1.15))).TakeLast(1));
    }

    [Fact]
    public void AStaticShiftEqualsADynamicOneWithItsLogarithm()
    {
        var steady = FlowSchedule.FromSigmas(Quarters, FlowShift.Static(3));

        Near.All(Levels(steady), Levels(FlowSchedule.FromSigmas(Quarters, FlowShift.Dynamic(Math.Log(3)))), 1e-6);
        Near.All(Levels(steady), Levels(FlowSchedule.FromSigmas(Quarters, FlowShift.Dynamic(3, TimeShift.Linear))), 1e-6);
    }

    [Theory]
    [InlineData(256, 0.5)]
    [InlineData(4096, 1.15)]
    [InlineData(2176, 0.825)]
    public void MuIsLinearInTheNumberOfTokens(int tokens, double mu) => Assert.Equal(mu, FlowShift.Mu(tokens), 1e-12);

    [Fact]
    public void ShapesRunBetweenTheShiftedEnds()
    {
        foreach (var shape in (SigmaShape[])[SigmaShape.Karras, SigmaShape.Exponential, SigmaShape.Beta])
        {
            var levels = Levels(FlowSchedule.FromSigmas(Quarters, FlowShift.Static(3), shape: shape)).ToArray();
            Near.All([1, 0.5], [levels[0], levels[^1]]);
            Assert.All(levels.Zip(levels.Skip(1)), pair => Assert.True(pair.First > pair.Second));
        }
    }

    [Fact]
    public void InvertedLevelsCountTheCleanShare()
    {
        var grid = FlowSchedule.FromSigmas(Quarters, invertSigmas: true);

        Assert.Equal([0, 0.25, 0.5, 0.75], Levels(grid));
        Assert.Equal([0, 250, 500, 750], grid.Points.Select(p => p.Time));
        Assert.Equal(new GridPoint(1000, 0, 1), grid.Targets[^1]);
    }

    [Fact]
    public void TheNetworkIsToldSigmaTimesT()
    {
        var grid = FlowSchedule.FromSigmas(Quarters, trainSteps: 500);

        Assert.Equal([500, 375, 250, 125], grid.Points.Select(p => p.Time));
        Assert.Equal(new GridPoint(0, 1, 0), grid.Targets[^1]);
    }

    [Fact]
    public void BadArgumentsAreRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => FlowSchedule.Make(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => FlowSchedule.Make(1001));
        Assert.Throws<ArgumentOutOfRangeException>(() => FlowSchedule.Make(4, trainSteps: 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => FlowSchedule.Make(4, shape: SigmaShape.LogLinear));
        Assert.Throws<ArgumentOutOfRangeException>(() => FlowSchedule.Make(4, shiftTerminal: 1.5));
        Assert.Throws<ArgumentException>(() => FlowSchedule.Make(1, shiftTerminal: 0.1));
        Assert.Throws<ArgumentException>(() => FlowSchedule.FromSigmas([]));
        Assert.Throws<ArgumentException>(() => FlowSchedule.FromSigmas([1.1, 0.5]));
        Assert.Throws<ArgumentException>(() => FlowSchedule.FromSigmas([1, 0]));
        Assert.Contains("level 2 is 0.5 after 0.5", Assert.Throws<ArgumentException>(() => FlowSchedule.FromSigmas([1, 0.5, 0.5])).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => FlowShift.Static(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => FlowShift.Static(double.NaN));
        Assert.Throws<ArgumentOutOfRangeException>(() => FlowShift.Dynamic(-1, TimeShift.Linear));
        Assert.Throws<ArgumentOutOfRangeException>(() => FlowShift.Mu(100, baseTokens: 4096));
    }

    private static IEnumerable<double> Levels(Schedule grid) => grid.Points.Select(p => (double)p.Sigma);
}
