namespace Acceleration.Tests.Caching;

public sealed class StepPatternsTests
{
    [Fact]
    public void ForaCountsFromTheEnd()
    {
        Assert.Equal([0, 3, 6, 9], StepPatterns.FromEnd(10, 3));
        Assert.Equal([0, 1, 4, 7, 10], StepPatterns.FromEnd(11, 3));
        Assert.Equal(Enumerable.Range(0, 7), StepPatterns.FromEnd(7, 1));
    }

    [Fact]
    public void SpectrumsWindowsGrow()
    {
        Assert.Equal([0, 1, 2, 3, 5, 7, 10, 13, 17, 18, 19], StepPatterns.Spectrum(20));
        Assert.Equal(13, StepPatterns.Spectrum(28).Count);
        var fifty = StepPatterns.Spectrum(50);
        Assert.Equal(19, fifty.Count);
        // Up to five steps in a row are skipped.
        Assert.Equal(6, fifty.Zip(fifty.Skip(1), (a, b) => b - a).Max());
        Assert.Equal([0], StepPatterns.Spectrum(1));
        Assert.Equal([0, 1, 3, 5, 7, 9], StepPatterns.Spectrum(11, warmup: 2, growth: 0, stop: 1));
    }

    [Fact]
    public void FrontAndRearHaveIntervalsOfTheirOwn()
    {
        Assert.Equal([0, 2, 4, 5, 9, 11], StepPatterns.FrontRear(12, 5, 2, 4));
        Assert.Equal([0, 3, 6, 7], StepPatterns.FrontRear(8, 0, 9, 3));
        Assert.Equal([0, 3, 6, 7], StepPatterns.FrontRear(8, 8, 3, 9));
        Assert.Throws<ArgumentOutOfRangeException>(() => StepPatterns.FrontRear(8, 9, 1, 1));
    }

    [Theory]
    [InlineData(50, 10, 15, 1.4, new[] { 0, 5, 9, 13, 17, 21, 26, 31, 37, 43 })]
    [InlineData(50, 10, 15, 1.2, new[] { 0, 5, 10, 14, 18, 22, 27, 32, 38, 44 })]
    [InlineData(50, 17, 25, 1.2, new[] { 0, 4, 7, 10, 13, 16, 19, 22, 24, 26, 28, 31, 34, 37, 40, 43, 46 })]
    [InlineData(100, 20, 0, 1.2, new[] { 0, 2, 6, 10, 14, 18, 23, 28, 33, 38, 43, 48, 54, 59, 65, 70, 76, 82, 88, 94 })]
    [InlineData(50, 40, 15, 1.4, new[] { 0, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 24, 25, 26, 27, 29, 30, 31, 33, 34, 36, 37, 39, 40, 42, 43, 45, 46, 48 })]
    public void DeepCachesPowerLawIsThatOfItsProgram(int steps, int computed, int center, double exponent, int[] expected) =>
        // By the published rule, in complex numbers of another language; the last needs an exponent of 1.38.
        Assert.Equal(expected, StepPatterns.PowerLaw(steps, computed, center, exponent));

    [Fact]
    public void ANumberThatNoExponentGivesIsRefused() =>
        Assert.Contains("No exponent from 1.2 down to 1 gives 50 of 50 steps around step 25", Assert.Throws<ArgumentException>(() => StepPatterns.PowerLaw(50, 50, 25)).Message);

    [Theory]
    [InlineData(Scm.Slow, 18, "CCCCCCCCsCCCssCCCssCCssCsssC")]
    [InlineData(Scm.Medium, 15, "CCCCCCsCCsssCCsssCCsssCCsssC")]
    [InlineData(Scm.Fast, 11, "CCCCCCsCsssCssssCsssssCssssC")]
    [InlineData(Scm.Ultra, 8, "CCCCssCsssssCssssssCsssssssC")]
    public void MasksOf28StepsAreThePublishedOnes(Scm mask, int count, string expected)
    {
        var steps = StepPatterns.Masked(mask, 28);
        Assert.Equal(count, steps.Count);
        Assert.Equal(expected, string.Concat(Enumerable.Range(0, 28).Select(i => steps.Contains(i) ? 'C' : 's')));
    }

    [Fact]
    public void MasksOfOtherLengthsKeepTheirProportionsTheirStartAndTheirEnd()
    {
        foreach (var mask in Enum.GetValues<Scm>())
        {
            for (var steps = 1; steps <= 100; steps++)
            {
                var computed = StepPatterns.Masked(mask, steps);
                Assert.Equal(computed, new AtSteps(computed).Steps);
                Assert.Equal(Enumerable.Range(0, Math.Min(4, steps)), computed.Take(4));
                Assert.Equal(steps - 1, computed[^1]);
            }

            Assert.InRange(StepPatterns.Masked(mask, 56).Count / 2.0, StepPatterns.Masked(mask, 28).Count - 0.5, StepPatterns.Masked(mask, 28).Count + 0.5);
        }

        Assert.Throws<ArgumentOutOfRangeException>(() => StepPatterns.Masked((Scm)9, 28));
    }

    [Fact]
    public void EveryPatternIsOneOfComputedSteps()
    {
        for (var steps = 1; steps <= 60; steps++)
        {
            foreach (var pattern in new[] { StepPatterns.FromEnd(steps, 4), StepPatterns.Spectrum(steps), StepPatterns.FrontRear(steps, steps / 3, 2, 5) })
            {
                Assert.Equal(pattern, new AtSteps(pattern).Steps);
                Assert.True(pattern[^1] == steps - 1);
            }
        }
    }
}
