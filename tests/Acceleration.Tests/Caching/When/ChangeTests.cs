using Acceleration.Tests.Core;
using static TorchSharp.torch;

namespace Acceleration.Tests.Caching.When;

/// <summary>Means of absolute differences by distances of tokens, where tensors are large.</summary>
public sealed class ChangeTests : CoreTest
{
    [Fact]
    public void LargeTokensHaveTheMeanOfTheirDifferences()
    {
        var (a, b) = (randn(3, 600, 80), randn(3, 600, 80));
        Assert.True(allclose((a - b).abs().mean([1, 2]), Change.MeanDifference(a, b), rtol: 1e-5));
        Assert.True(allclose((a - b).abs().mean([1, 2]) / b.abs().mean([1, 2]), Change.Relative(a, b), rtol: 1e-5));
    }

    [Fact]
    public void ARowIsMeasuredAlikeAloneAndInABatch()
    {
        var (a, b) = (randn(3, 900, 80), randn(3, 900, 80));
        Assert.True(Change.MeanDifference(a[1..2], b[1..2]).Equals(Change.MeanDifference(a, b)[1..2]));
    }

    [Fact]
    public void OtherFormsAndTypesTakeTheUsualWay()
    {
        var (a, b) = (randn(3, 80, 600).transpose(1, 2), randn(3, 600, 80));
        Assert.True(allclose((a - b).abs().mean([1, 2]), Change.MeanDifference(a, b), rtol: 1e-5));
        Assert.True(allclose((a - b).abs().mean([1, 2]), Change.MeanDifference(a.to(ScalarType.BFloat16), b.to(ScalarType.BFloat16)), rtol: 1e-2));
    }
}
