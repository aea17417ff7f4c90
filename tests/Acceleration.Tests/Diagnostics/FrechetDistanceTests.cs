using Acceleration.Tests.Core;
using static TorchSharp.torch;

namespace Acceleration.Tests.Diagnostics;

/// <summary>Values from elsewhere were computed with NumPy by another route: eigenvalues of the product C₁C₂, which is not symmetric.</summary>
public sealed class FrechetDistanceTests : LiveTensorTest
{
    // The root of an eigenvalue that is 0 but for rounding is 1e-8.
    private const double Rounded = 1e-6;

    [Fact]
    public void OfTrainingAndTestPicturesItIsWhatNumPySays()
    {
        var path = Path.Combine(AppContext.BaseDirectory, "Fixtures", "weights", "fashion-statistics.safetensors");
        using var train = FeatureStatistics.Load(path, "train");
        using var test = FeatureStatistics.Load(path, "test");

        Assert.Equal(0.14001925147, FrechetDistance.Between(train, test), Rounded);
        Assert.Equal(0.14001925147, FrechetDistance.Between(test, train), Rounded);
    }

    [Theory]
    [InlineData(15, 0.791881837644361)]
    [InlineData(3, 1.0760385560632577)]
    public void OfFeaturesItIsWhatNumPySaysAlsoWhereTheCovarianceIsSingular(int pictures, double expected)
    {
        using var a = Statistics(pictures, (k, j) => (7 * k + 3 * j * j + k * j) % 11 / 11.0);
        using var b = Statistics(17, (k, j) => ((5 * k + 2 * j + k * k * j) % 13 / 13.0) + (0.25 * j));

        Assert.Equal(expected, FrechetDistance.Between(a, b), Rounded);
    }

    [Fact]
    public void OfIndependentFeaturesItHasAClosedForm()
    {
        using var a = Diagonal([0, 1], [4, 9]);
        using var b = Diagonal([3, 5], [1, 16]);

        // |m₁ − m₂|² + Σ(σ₁ − σ₂)² = 9 + 16 + 1 + 1.
        Assert.Equal(27, FrechetDistance.Between(a, b), 1e-12);
        Assert.Equal(0, FrechetDistance.Between(a, a), 1e-12);
    }

    [Fact]
    public void WhatIsNoStatisticIsRefused()
    {
        using var scope = NewDisposeScope();
        using var two = Diagonal([0, 1], [1, 1]);
        using var three = Diagonal([0, 1, 2], [1, 1, 1]);

        Assert.Contains("3", Assert.Throws<ArgumentException>(() => FrechetDistance.Between(two, three)).Message, StringComparison.Ordinal);
        Assert.Contains("[1, 4]", Assert.Throws<ArgumentException>(() => FeatureStatistics.Of(zeros(1, 4))).Message, StringComparison.Ordinal);
        Assert.Contains("finite", Assert.Throws<ArgumentException>(() => FeatureStatistics.Of(full(3, 4, float.NaN))).Message, StringComparison.Ordinal);
        Assert.Contains("[2, 3]", Assert.Throws<ArgumentException>(() => FeatureStatistics.From(zeros(3), zeros(2, 3))).Message, StringComparison.Ordinal);
    }

    private static FeatureStatistics Statistics(int pictures, Func<int, int, double> feature)
    {
        using var scope = NewDisposeScope();
        var features = tensor(Enumerable.Range(0, pictures * 4).Select(i => feature(i / 4, i % 4)).ToArray()).view(pictures, 4);
        return FeatureStatistics.Of(features);
    }

    private static FeatureStatistics Diagonal(double[] mean, double[] variances)
    {
        using var m = tensor(mean);
        using var v = tensor(variances);
        using var c = diag(v);
        return FeatureStatistics.From(m, c);
    }
}
