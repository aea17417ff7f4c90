using static TorchSharp.torch;

namespace Acceleration.Tests.Tokens;

public sealed class MergePlanTests : TokenTest
{
    public static TheoryData<int, int, int, int, int> Grids => new()
    {
        { 8, 8, 2, 2, 20 }, { 5, 7, 2, 2, 9 }, { 6, 10, 1, 2, 25 }, { 9, 9, 3, 3, 1000 }, { 3, 3, 2, 2, 2 },
    };

    private static MergePlan Plan(Tensor metric, int high, int wide, int strideY, int strideX, long r)
    {
        var random = new Random(1);
        var (sources, destinations) = TokenPartition.Cells(high, wide, strideY, strideX, () => random.Next(strideY * strideX), device: TestDevice.Current);
        Assert.Equal(Enumerable.Range(0, high * wide).Select(i => (long)i), sources.cpu().data<long>().Concat(destinations.cpu().data<long>()).Order());
        return TokenMatching.Of(metric, sources, destinations, r).Plan();
    }

    [Theory]
    [MemberData(nameof(Grids))]
    public void WhatIsNotMergedSurvivesBitForBit(int high, int wide, int strideY, int strideX, int r)
    {
        var x = Normal(1, 2, high * wide, 6);
        var plan = Plan(x, high, wide, strideY, strideX, r);
        var destinations = high / strideY * (wide / strideX);
        Assert.Equal((high * wide) - Math.Min(r, (high * wide) - destinations), plan.Kept.Kept);

        var alone = plan.Expand(plan.Sizes()).eq(1).expand_as(x);
        var back = plan.Expand(plan.Reduce(x));
        Assert.True(back[alone].Equals(x[alone]));
        Assert.Equal(high * wide * 2L, (long)plan.Sizes().sum().item<float>());
        Assert.True((plan.Expand(plan.Reduce(ones_like(x))) - 1).abs().max().item<float>() == 0);
        Assert.True(((plan.Reduce(x) * plan.Sizes()).sum(1) - x.sum(1)).abs().max().item<float>() < 1e-4);
    }

    [Fact]
    public void DuplicatesInACellAreMergedWithoutLoss()
    {
        var cells = Normal(2, 1, 16, 5).view(1, 4, 1, 4, 1, 5).expand(1, 4, 2, 4, 2, 5).reshape(1, 64, 5);
        var plan = Plan(cells, 8, 8, 2, 2, 48);
        Assert.Equal(16, plan.Kept.Kept);
        Assert.True((plan.Expand(plan.Reduce(cells)) - cells).abs().max().item<float>() < 1e-6);
    }

    [Fact]
    public void TokensOfZerosAreNoNumbersOfTheirOwn()
    {
        var x = zeros(1, 16, 4).ToTestDevice();
        var plan = Plan(x, 4, 4, 2, 2, 8);
        Assert.True(plan.Reduce(x).isfinite().all().item<bool>());
    }

    [Fact]
    public void HalfPrecisionIsSummedInFloat32()
    {
        // 257 ones: in bfloat16 a running sum would stop at 256.
        var x = ones(1, 257, 1, ScalarType.BFloat16).ToTestDevice();
        var plan = new MergePlan(zeros(1, 257, ScalarType.Int64).ToTestDevice(), zeros(1, 1, ScalarType.Int64).ToTestDevice());
        Assert.Equal(1f, plan.Reduce(x).to(ScalarType.Float32).item<float>());
        Assert.Equal(ScalarType.BFloat16, plan.Reduce(x).dtype);
    }

    [Fact]
    public void EqualTokensGiveEqualBits()
    {
        // 512 tokens in each slot: added in another order they would be rounded otherwise, as a GPU does where it is not told.
        var x = Normal(5, 2, 4096, 16);
        var plan = new MergePlan(arange(4096, ScalarType.Int64, TestDevice.Current).remainder(8).expand(2, 4096), arange(8, ScalarType.Int64, TestDevice.Current).expand(2, 8));
        var sums = plan.Reduce(x, MergeReduction.Sum);
        Assert.All(Enumerable.Range(0, 20), _ => Assert.True(sums.Equals(plan.Reduce(x, MergeReduction.Sum))));

        // The form that keeps the order, which is not the CPU's, and the other one are the same but for rounding.
        Assert.All([true, false], inOrder => Assert.True((plan.Sum(x, inOrder) - x.view(2, 512, 8, 16).sum(1)).abs().max().item<float>() < 1e-3));
    }

    [Fact]
    public void ManySourcesAreMatchedInPiecesAlike()
    {
        var x = Normal(3, 1, 4096, 8);
        var whole = Plan(x, 64, 64, 2, 2, 1000);
        var (a, b) = (x.narrow(1, 0, 4096) / x.norm(-1, true), whole.Kept.Index);
        Assert.Equal(3096, whole.Kept.Kept);
        var merged = whole.Expand(whole.Kept.Index.unsqueeze(2).to(ScalarType.Float32)).squeeze(2).to(ScalarType.Int64);
        var own = arange(4096, ScalarType.Int64, TestDevice.Current).unsqueeze(0);
        var moved = merged.ne(own)[0].nonzero().squeeze(1);
        Assert.Equal(1000, moved.size(0));

        // Every merged token went to a destination no less similar than the one at hand in its own cell.
        var targets = merged[0].index_select(0, moved);
        var reached = (a[0].index_select(0, moved) * a[0].index_select(0, targets)).sum(1);
        var destinations = b.narrow(1, 3072 - 1000, 1024)[0];
        var best = a[0].index_select(0, moved).matmul(a[0].index_select(0, destinations).t()).amax([1]);
        Assert.True((reached - best).abs().max().item<float>() < 1e-6);
    }

    [Fact]
    public void NothingToDoIsTheTensorItself()
    {
        var x = Normal(4, 1, 4, 2);
        Assert.Same(x, NoReduction.Instance.Reduce(x));
        Assert.Same(x, NoReduction.Instance.Expand(x));
        Assert.Null(NoReduction.Instance.Kept);
    }
}
