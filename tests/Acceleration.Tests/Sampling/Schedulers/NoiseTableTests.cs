using Acceleration.Tests.Tool;

namespace Acceleration.Tests.Sampling.Schedulers;

public sealed class NoiseTableTests
{
    [Fact]
    public void PublishedTablesAreReproduced()
    {
        // Equal to the last bit where no library function is involved that may round differently elsewhere.
        var result = Golden.Holds("schedulers/beta_schedules");
        Assert.Equal(10, result.Findings.Count);
        foreach (var finding in result.Findings.Where(f => !f.What.StartsWith("sigmoid", StringComparison.Ordinal) && !f.What.StartsWith("squaredcos", StringComparison.Ordinal)))
        {
            Assert.Equal(0, finding.Error);
        }
    }

    [Fact]
    public void GoldenValuesHold()
    {
        var stable = StableDiffusion();
        Near.All([0.99914998, 0.99829602, 0.27766946, 0.27633250, 0.00466010], Bars(stable, 0, 1, 499, 500, 999), 2e-5);
        Near.All([0.02916753, 14.61464500], [stable.SigmaRatios[0], stable.SigmaRatios[999]], 2e-5);
        Near.All([0.99989998, 0.07858724, 4.03583e-5], Bars(NoiseTable.Make(BetaSchedule.Linear), 0, 499, 999), 2e-5);

        var cosine = NoiseTable.Make(BetaSchedule.SquaredCosCapV2);
        Near.All([4.12842e-5, 0.00314589, 0.7499994, 0.999], new[] { 0, 499, 998, 999 }.Select(t => (double)cosine.Betas[t]), 2e-5);
        Near.All([0.49384347], Bars(cosine, 499), 2e-5);
        Near.All([0.24235895, 1.96789e-7, 0], Bars(StableDiffusion(zeroTerminalSnr: true), 499, 998, 999), 2e-5);
    }

    [Theory]
    [InlineData(BetaSchedule.Exponential)]
    [InlineData(BetaSchedule.Laplace)]
    public void TablesMadeFromAnAlphaBarFunctionFollowIt(BetaSchedule schedule)
    {
        static double Snr(double u) => Math.Exp(-0.5 * Math.Sign(0.5 - u) * Math.Log(1 - (2 * Math.Abs(0.5 - u)) + 1e-6));
        double AlphaBar(double u) => schedule == BetaSchedule.Exponential ? Math.Exp(-12 * u) : Math.Sqrt(Snr(u) / (1 + Snr(u)));

        var table = NoiseTable.Make(schedule);

        // β of the last steps is capped at 0.999 in the Laplace table.
        for (var t = 0; t < 998; t++)
        {
            Assert.Equal(AlphaBar((t + 1) / 1000.0) / AlphaBar(0), table.AlphaBars[t], 1e-5);
        }

        Assert.All(table.Betas, b => Assert.InRange(b, 0, 0.999f));
    }

    [Fact]
    public void TrainedBetasAreTakenAsTheyAre()
    {
        var table = NoiseTable.FromBetas([0.5f, 0.25f, 0.5f]);

        Assert.Equal([0.5f, 0.25f, 0.5f], table.Betas);
        Assert.Equal([0.5f, 0.375f, 0.1875f], table.AlphaBars);
        Assert.Equal(new GridPoint(1, MathF.Sqrt(0.375f), MathF.Sqrt(0.625f)), table.At(1));
    }

    [Fact]
    public void RescalingEndsAtPureNoiseAndKeepsTheFirstLevel()
    {
        var table = StableDiffusion(zeroTerminalSnr: true);

        Assert.Equal(new GridPoint(999, 0, 1), table.At(999));
        Assert.Equal(StableDiffusion().AlphaBars[0], table.AlphaBars[0], 1e-6f);
        Assert.True(float.IsPositiveInfinity(table.SigmaRatios[999]));
        Assert.Equal(4096f, table.WithFiniteTerminalSnr().SigmaRatios[999], 1f);
        Assert.Same(StableDiffusionTable, StableDiffusionTable.WithFiniteTerminalSnr());
    }

    [Fact]
    public void BadTablesAreRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => NoiseTable.Make(BetaSchedule.Linear, trainSteps: 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => NoiseTable.Make(BetaSchedule.Linear, 0.02, 0.01));
        Assert.Throws<ArgumentOutOfRangeException>(() => NoiseTable.Make(BetaSchedule.Linear, 0, 0.01));
        Assert.Throws<ArgumentOutOfRangeException>(() => NoiseTable.Make(BetaSchedule.Linear, double.NaN, 0.01));
        Assert.Throws<ArgumentOutOfRangeException>(() => NoiseTable.Make((BetaSchedule)77));
        Assert.Throws<ArgumentException>(() => NoiseTable.FromBetas([]));
        Assert.Throws<ArgumentException>(() => NoiseTable.FromBetas([0.1f], zeroTerminalSnr: true));
        Assert.Contains("Beta 1 is 1.5", Assert.Throws<ArgumentException>(() => NoiseTable.FromBetas([0.1f, 1.5f, 0.1f])).Message);
        Assert.Contains("0 to 999", Assert.Throws<ArgumentOutOfRangeException>(() => StableDiffusionTable.At(1000)).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => StableDiffusionTable.At(-1));
    }

    internal static NoiseTable StableDiffusionTable { get; } = StableDiffusion();

    internal static NoiseTable StableDiffusion(bool zeroTerminalSnr = false) =>
        NoiseTable.Make(BetaSchedule.ScaledLinear, 0.00085, 0.012, 1000, zeroTerminalSnr);

    private static IEnumerable<double> Bars(NoiseTable table, params int[] at) => at.Select(t => (double)table.AlphaBars[t]);
}
