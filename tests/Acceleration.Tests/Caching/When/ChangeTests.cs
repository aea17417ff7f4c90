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

    [Fact]
    public void OneInSoManyTokensIsTakenWholeAndElementsOfWhatHasNone()
    {
        using var scope = NewDisposeScope();
        var tokens = arange(2 * 5 * 3).view(2, 5, 3);
        Assert.True(Change.Sampled(tokens, 2).equal(stack([tokens[.., 0], tokens[.., 2], tokens[.., 4]], 1)).all().item<bool>());
        var picture = arange(2 * 1 * 2 * 3).view(2, 1, 2, 3);
        Assert.Equal([0L, 4, 6, 10], Change.Sampled(picture, 4).reshape(-1).data<long>().ToArray());
        Assert.Same(tokens, Change.Sampled(tokens, 1));
    }
}
