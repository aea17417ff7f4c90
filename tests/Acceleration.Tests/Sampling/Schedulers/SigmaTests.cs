namespace Acceleration.Tests.Sampling.Schedulers;

public sealed class SigmaTests
{
    private const double Golden = 2e-5;

    [Fact]
    public void ShapesMatchTheGoldenRows()
    {
        var table = NoiseTableTests.StableDiffusionTable;
        var plain = Sigmas.Plain<double>(table, Timesteps.Euler(1000, 5, TimestepSpacing.Linspace));
        Near.All([14.61465, 4.08609, 1.61558, 0.69515, 0.02917], plain, 2e-4);
        Near.All([14.61465, 4.79654, 1.27411, 0.24795, 0.02917], Between(SigmaShape.Karras), 2e-4);
        Near.All([14.61465, 3.08899, 0.65290, 0.13800, 0.02917], Between(SigmaShape.Exponential), 2e-4);
        Near.All([14.61465, 12.05226, 7.32191, 2.59155, 0.02917], Between(SigmaShape.Beta), 2e-4);
        Assert.Equal(Between(SigmaShape.Exponential), Between(SigmaShape.Lu));

        double[] Between(SigmaShape shape) => Sigmas.Between(shape, plain[0], plain[^1], 5);
    }

    [Fact]
    public void LogLinearCoversTheWholeTableWithOneLevelMore()
    {
        var table = NoiseTableTests.StableDiffusionTable;
        var sigmas = Sigmas.LogLinear(table, 4);

        Assert.Equal(5, sigmas.Length);
        Near.All([table.SigmaRatios[999], Math.Sqrt(table.SigmaRatios[999] * table.SigmaRatios[0]), table.SigmaRatios[0]], [sigmas[0], sigmas[2], sigmas[4]]);
    }

    [Fact]
    public void ZeroTerminalSnrNeedsAFiniteLastLevel()
    {
        var table = NoiseTableTests.StableDiffusion(zeroTerminalSnr: true);
        var times = Timesteps.Euler(1000, 5, TimestepSpacing.Trailing);

        Near.All([4096.0, 7.410708, 2.604857, 1.241375, 0.594752], Sigmas.Plain<double>(table.WithFiniteTerminalSnr(), times), Golden);
        Assert.Contains("WithFiniteTerminalSnr", Assert.Throws<ArgumentException>(() => Sigmas.Plain<double>(table, times)).Message);
        Assert.Throws<ArgumentException>(() => SigmaLookup.TimeOf(table, 1));
    }

    [Fact]
    public void TimesOfAlignedStepsAreFound()
    {
        double[] published = [14.615, 6.475, 3.861, 2.697, 1.886, 1.396, 0.963, 0.652, 0.399, 0.152];
        double[] times = [999.0, 850.01, 735.83, 645.24, 545.28, 455.35, 342.61, 232.85, 124.56, 24.15];

        var found = published.Select(s => SigmaLookup.TimeOf(NoiseTableTests.StableDiffusionTable, s)).ToArray();

        Assert.All(times.Zip(found), pair => Assert.Equal(pair.First, pair.Second, 0.006));
    }

    [Fact]
    public void TimeAndLevelAreInverseAtTrainingStepsAndClampedBeyond()
    {
        var table = NoiseTableTests.StableDiffusionTable;
        for (var t = 0; t < 1000; t += 37)
        {
            Assert.Equal(t, SigmaLookup.TimeOf(table, SigmaLookup.RatioAt(table, t)), 1e-3);
        }

        Assert.Equal(0, SigmaLookup.TimeOf(table, 0));
        Assert.Equal(999, SigmaLookup.TimeOf(table, 1e6));
        Assert.Equal(0, SigmaLookup.TimeOf(NoiseTable.FromBetas([0.1f]), 2));
        Assert.Equal(table.SigmaRatios[0], SigmaLookup.RatioAt(table, -1));
        Assert.Equal(table.SigmaRatios[999], SigmaLookup.RatioAt(table, 1200));
        Assert.Equal((table.SigmaRatios[10] + table.SigmaRatios[11]) / 2, SigmaLookup.RatioAt(table, 10.5), 1e-6);
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(0.001)]
    [InlineData(0.3)]
    [InlineData(0.5)]
    [InlineData(0.75)]
    [InlineData(1.0)]
    public void BetaQuantilesHaveTheirClosedForms(double p)
    {
        var sine = Math.Sin(Math.PI * p / 2);
        Assert.Equal(p, BetaDistribution.Quantile(p, 1, 1), 1e-12);
        Assert.Equal(Math.Sqrt(p), BetaDistribution.Quantile(p, 2, 1), 1e-12);
        Assert.Equal(1 - Math.Cbrt(1 - p), BetaDistribution.Quantile(p, 1, 3), 1e-12);
        Assert.Equal(sine * sine, BetaDistribution.Quantile(p, 0.5, 0.5), 1e-12);
        Assert.Equal(1 - BetaDistribution.Quantile(p, 0.6, 0.6), BetaDistribution.Quantile(1 - p, 0.6, 0.6), 1e-12);
    }

    [Fact]
    public void FlowLevelsDifferBetweenSolvers()
    {
        var shift = FlowShift.Static(3);
        Near.All([0.99967, 0.92272, 0.81781, 0.66630, 0.42827], FlowSigmas.DpmSolver(5, shift), Golden);
        Near.All([0.999999, 0.92317, 0.81843, 0.66722, 0.42979], FlowSigmas.UniPc(5, shift), Golden);
        Assert.Equal(1 - 1e-6, FlowSigmas.UniPc(5, FlowShift.None)[0], 1e-12);
        Near.All([0.1], FlowSigmas.UniPc(5, shift, shiftTerminal: 0.1)[^1..], 1e-12);
    }

    [Fact]
    public void BadLevelsAreRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Sigmas.Karras(1, 2, 5));
        Assert.Throws<ArgumentOutOfRangeException>(() => Sigmas.Karras(2, 1, 5, rho: 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => Sigmas.Exponential(1, 0, 5));
        Assert.Throws<ArgumentOutOfRangeException>(() => Sigmas.Exponential(double.PositiveInfinity, 1, 5));
        Assert.Throws<ArgumentOutOfRangeException>(() => Sigmas.Beta(2, 1, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => Sigmas.Beta(2, 1, 3, alpha: 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => Sigmas.Between(SigmaShape.Plain, 2, 1, 5));
        Assert.Throws<ArgumentOutOfRangeException>(() => BetaDistribution.Quantile(1.1, 1, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => FlowSigmas.StretchToTerminal([1, 0.5], 1));
        Assert.Throws<ArgumentException>(() => FlowSigmas.StretchToTerminal([1], 0.1));
    }
}
