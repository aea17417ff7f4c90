using System.Text.Json;
using Acceleration.Tests.Tool;

namespace Acceleration.Tests.Sampling.Schedulers;

public sealed class TimestepTests
{
    [Fact]
    public void PublishedGridsAreReproducedForAllSchedulers()
    {
        var result = Golden.Holds("schedulers/timestep_grids");

        using var file = SafetensorsFile.Open(Golden.PathOf("schedulers/timestep_grids"));
        Assert.Equal(153, JsonSerializer.Deserialize<JsonElement[]>(file.Metadata["cases"])!.Length);
        Assert.Equal(file.Names.Count(n => n.EndsWith(".sigmas", StringComparison.Ordinal)), result.Findings.Count(f => f.What.Contains(", sigmas, ", StringComparison.Ordinal)));
    }

    [Fact]
    public void LeadingSpacingDiffersBetweenFamilies()
    {
        Assert.Equal([801, 601, 401, 201, 1], Timesteps.Ddim(1000, 5, TimestepSpacing.Leading, 1));
        Assert.Equal([801.0, 601, 401, 201, 1], Timesteps.Euler(1000, 5, TimestepSpacing.Leading, 1));
        Assert.Equal([831, 665, 499, 333, 167], Timesteps.Multistep(1000, 5, TimestepSpacing.Leading, 1));
    }

    [Fact]
    public void EulerLinspaceIsNotRounded()
    {
        Assert.Equal([999, 749.25, 499.5, 249.75, 0], Timesteps.Euler(1000, 5, TimestepSpacing.Linspace));
        Assert.Equal([999, 749, 500, 250, 0], Timesteps.Ddim(1000, 5, TimestepSpacing.Linspace));
    }

    [Fact]
    public void CosineTablesAreCutForDpmSolver()
    {
        var clipped = SigmaLookup.ClippedSteps(NoiseTable.Make(BetaSchedule.SquaredCosCapV2), -5.1);

        Assert.Equal(996, clipped);
        Assert.Equal([995, 796], Timesteps.Multistep(1000, 5, TimestepSpacing.Linspace, clippedSteps: clipped)[..2]);
        Assert.Equal(1000, SigmaLookup.ClippedSteps(NoiseTableTests.StableDiffusionTable, double.NegativeInfinity));
    }

    [Fact]
    public void TrailingSpacingHasAsManyTimestepsAsAskedFor()
    {
        var overlong = new List<int>();
        for (var steps = 1; steps <= 1000; steps++)
        {
            var guarded = Timesteps.Ddim(1000, steps, TimestepSpacing.Trailing);
            var parity = Timesteps.Ddim(1000, steps, TimestepSpacing.Trailing, strictParity: true);
            Assert.Equal(steps, guarded.Length);
            Assert.Equal(999, guarded[0]);
            Assert.InRange(guarded[^1], 0, 999);
            Assert.Equal(guarded, parity[..steps]);
            if (parity.Length > steps)
            {
                Assert.Equal([-1], parity[steps..]);
                overlong.Add(steps);
            }
        }

        Assert.Equal([61, 103, 121, 122], overlong[..4]);
    }

    [Theory]
    [InlineData(48, 3, 936)]
    [InlineData(96, 18, 812)]
    [InlineData(240, 9, 962)]
    public void TrailingTimestepsHalfwayBetweenIntegersRoundAsInTheReference(int steps, int index, long expected) =>
        Assert.Equal(expected, Timesteps.Ddim(1000, steps, TimestepSpacing.Trailing)[index]);

    [Fact]
    public void LcmTakesDistilledTimesteps()
    {
        Assert.Equal([999, 759, 499, 259], LcmTimesteps.Make(1000, 4));
        Assert.Equal([999, 499], LcmTimesteps.Make(1000, 2));
        Assert.Equal([999, 879, 759, 639, 499, 379, 259, 139], LcmTimesteps.Make(1000, 8));
        Assert.Equal([499, 259], LcmTimesteps.Make(1000, 2, strength: 0.5));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void LogSnrSpacingDescendsInEvenStridesOfLambda(bool zeroTerminalSnr)
    {
        var table = NoiseTableTests.StableDiffusion(zeroTerminalSnr);
        for (var steps = 2; steps <= 1000; steps += steps < 30 ? 1 : 97)
        {
            var timesteps = LogSnrTimesteps.Make(table, steps);
            Assert.Equal(steps, timesteps.Length);
            Assert.Equal((999L, 0L), (timesteps[0], timesteps[^1]));
            Assert.All(timesteps.Zip(timesteps.Skip(1)), pair => Assert.True(pair.First > pair.Second));
        }

        var lambdas = LogSnrTimesteps.Make(NoiseTableTests.StableDiffusionTable, 8).Select(t => table.WithFiniteTerminalSnr().At(t).LogSnr).ToArray();
        if (!zeroTerminalSnr)
        {
            Assert.All(lambdas.Zip(lambdas.Skip(1)), p => Assert.Equal((lambdas[^1] - lambdas[0]) / 7, p.Second - p.First, 0.5));
        }

        Assert.Equal([999], LogSnrTimesteps.Make(table, 1));
    }

    [Fact]
    public void BadCountsAreRefused()
    {
        foreach (var steps in (int[])[0, -1, 1001])
        {
            Assert.Throws<ArgumentOutOfRangeException>(() => Timesteps.Ddim(1000, steps, TimestepSpacing.Leading));
            Assert.Throws<ArgumentOutOfRangeException>(() => Timesteps.Euler(1000, steps, TimestepSpacing.Linspace));
            Assert.Throws<ArgumentOutOfRangeException>(() => Timesteps.Multistep(1000, steps, TimestepSpacing.Trailing));
            Assert.Throws<ArgumentOutOfRangeException>(() => LogSnrTimesteps.Make(NoiseTableTests.StableDiffusionTable, steps));
            Assert.Throws<ArgumentOutOfRangeException>(() => LcmTimesteps.Make(1000, steps));
        }

        Assert.Throws<ArgumentOutOfRangeException>(() => Timesteps.Ddim(1000, 1000, TimestepSpacing.Leading, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => Timesteps.Ddim(1000, 10, TimestepSpacing.Leading, -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => Timesteps.Ddim(1000, 10, (TimestepSpacing)9));
        Assert.Throws<ArgumentOutOfRangeException>(() => Timesteps.Multistep(1000, 1000, TimestepSpacing.Leading));
        Assert.Throws<ArgumentOutOfRangeException>(() => Timesteps.Multistep(1000, 10, TimestepSpacing.Leading, clippedSteps: 1001));
        Assert.Throws<ArgumentOutOfRangeException>(() => LcmTimesteps.Make(1000, 4, strength: 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => LcmTimesteps.Make(40, 4));
    }
}
