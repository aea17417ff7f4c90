namespace Acceleration.Tests.Caching.Calibrated;

public sealed class ChangePolynomialTests
{
    /// <summary>Published for FLUX, and for Wan 2.1 with 14B parameters: as steep as they come.</summary>
    public static TheoryData<double[]> Published =>
    [
        new([498.651651, -283.781631, 55.8554382, -3.82021401, 0.264230861]),
        new([-303318.725, 49053.7029, -2655.30556, 58.7365115, -0.315583525]),
    ];

    [Theory]
    [MemberData(nameof(Published))]
    public void APolynomialIsFoundFromItsValues(double[] coefficients)
    {
        double[] signal = [.. Enumerable.Range(0, 40).Select(i => 0.01 + (0.004 * i))];
        double[] output = [.. signal.Select(s => ChangePolynomial.At(coefficients, s))];

        var fitted = ChangePolynomial.Fit(signal, output);

        Assert.All(coefficients.Zip(fitted), c => Assert.Equal(c.First, c.Second, 1e-9 * Math.Abs(c.First)));
        Assert.Equal(output[7], ChangePolynomial.At(fitted, signal[7]), 1e-12);
    }

    [Fact]
    public void NoOtherPolynomialLeavesLess()
    {
        var random = new Random(8);
        double[] signal = [.. Enumerable.Range(0, 200).Select(_ => 0.3 * random.NextDouble())];
        double[] output = [.. signal.Select(s => Math.Sin(9 * s) + (0.1 * random.NextDouble()))];
        var fitted = ChangePolynomial.Fit(signal, output, 3);

        double Error(IReadOnlyList<double> c) => signal.Zip(output, (s, o) => Math.Pow(ChangePolynomial.At(c, s) - o, 2)).Sum();
        for (var i = 0; i < 4; i++)
        {
            Assert.All(new[] { 0.999, 1.001 }, by => Assert.True(Error([.. fitted.Select((c, k) => k == i ? c * by : c)]) > Error(fitted)));
        }
    }

    [Fact]
    public void WhatIsNotDeterminedIsNamed()
    {
        Assert.Contains("hardly differ", Assert.Throws<ArgumentException>(() => ChangePolynomial.Fit([1, 1, 1, 1, 1, 2], [1, 2, 3, 4, 5, 6])).Message);
        Assert.Contains("at least 5 pairs; got 4 changes of the signal", Assert.Throws<ArgumentException>(() => ChangePolynomial.Fit([1, 2, 3, 4], [1, 2, 3, 4])).Message);
        Assert.Contains("Pair 1 is (2, NaN)", Assert.Throws<ArgumentException>(() => ChangePolynomial.Fit([1, 2], [1, double.NaN], 1)).Message);
        Assert.Equal([2], ChangePolynomial.Fit([0, 0], [1, 3], 0));
    }
}
