using Acceleration.Tests.Operators;
using static TorchSharp.torch;

namespace Acceleration.Tests.Attention;

/// <summary>The executor against dense attention under the pattern's mask.</summary>
public sealed class GroupedAttentionTests : OperatorTest
{
    private static readonly GroupSize Size = new(2, 4, 3);
    private readonly long _workspace = GroupedAttention.WorkspaceBytes;

    public static TheoryData<ScalarType, double> Types => new() { { ScalarType.Float64, 1e-13 }, { ScalarType.Float32, 3e-6 }, { ScalarType.BFloat16, 3e-2 }, { ScalarType.Float16, 4e-3 } };

    [Theory]
    [MemberData(nameof(Types))]
    public void EveryTypeLayoutAndWorkspace(ScalarType dtype, double tolerance)
    {
        TokenLayout[] layouts =
        [
            new(1, 10, 13), new(3, 7, 5),
            new(1, 10, 13, TextLength: 6, TextPlace.Before, ValidText: 6), new(1, 10, 13, TextLength: 6, TextPlace.After, ValidText: 4),
            new(3, 7, 5, TextLength: 6, TextPlace.Before, ValidText: 4), new(1, 9, 8, TextLength: 5, TextPlace.Before, ValidText: 0),
        ];
        foreach (var layout in layouts)
        {
            foreach (var pattern in new IAttentionPattern[] { new NeighbourGroups(Size, 1), new AxisGroups(Size) })
            {
                var tokens = layout.Tokens + layout.TextLength;
                var qkv = Random(dtype, 1, 3, tokens, 3, 4, 16).permute(2, 0, 3, 1, 4).unbind();
                var input = new AttentionInput(qkv[0], qkv[1], qkv[2], Scale: 0.3);
                var wide = new AttentionInput(qkv[0].to(ScalarType.Float64), qkv[1].to(ScalarType.Float64), qkv[2].to(ScalarType.Float64), Mask(pattern, layout), Scale: 0.3);
                var expected = DenseAttention.Compute(wide);
                var plan = new GroupedPlan(pattern, TokenGrid.Of(layout));
                GroupedAttention.WorkspaceBytes = 256 << 20;
                var whole = GroupedAttention.Compute(input, layout, plan);
                Assert.True(Error(whole, expected) < tolerance, $"{pattern} {layout}: {Error(whole, expected)}");
                Assert.Equal(tokens * 4 * 16, whole.transpose(1, 2).view(3, tokens * 4 * 16).size(1));
            }
        }
    }

    [Fact]
    public void ALittleWorkspaceIsSharedByRowsAndHeads()
    {
        // 96 × 12 keys in each of 5 strips of 64 numbers: half a MiB for the keys of a head.
        var layout = new TokenLayout(1, 160, 60);
        var plan = new GroupedPlan(new NeighbourGroups(new(1, 16, 12), 1), TokenGrid.Of(layout));
        var qkv = Random(ScalarType.Float32, 1, 2, layout.Tokens, 3, 3, 8).permute(2, 0, 3, 1, 4).unbind();
        var input = new AttentionInput(qkv[0], qkv[1], qkv[2]);
        var shape = AttentionShape.Of(input);

        Assert.Equal((2, 3), plan.Slab(shape, 256 << 20));
        Assert.Equal((1, 3), plan.Slab(shape, 3 * 2 * 160 * 36 * 8 * 4));
        Assert.Equal((1, 2), plan.Slab(shape, 2 * 2 * 160 * 36 * 8 * 4));
        Assert.Equal((1, 1), plan.Slab(shape, 1));

        // Slabs of other sizes may be measured to take another route, whose rounding is another.
        OperatorRoutes.PinNative();
        var whole = GroupedAttention.Compute(input, layout, plan);
        GroupedAttention.WorkspaceBytes = 1 << 20;
        Assert.Equal((1, 2), plan.Slab(shape, GroupedAttention.WorkspaceBytes));
        Assert.True(Error(GroupedAttention.Compute(input, layout, plan), whole.to(ScalarType.Float64)) < 1e-6);
        Assert.Throws<ArgumentOutOfRangeException>(() => GroupedAttention.WorkspaceBytes = 1000);
        GroupedAttention.WorkspaceBytes = _workspace;
    }

    [Fact]
    public void OneGroupOrAWideReachIsDense()
    {
        var layout = new TokenLayout(1, 8, 8);
        var qkv = Random(ScalarType.Float32, 1, 1, layout.Tokens, 3, 2, 16).permute(2, 0, 3, 1, 4).unbind();
        var input = new AttentionInput(qkv[0], qkv[1], qkv[2]);
        var dense = DenseAttention.Compute(input).to(ScalarType.Float64);
        foreach (var pattern in new IAttentionPattern[] { new AxisGroups(new(1, 8, 8)), new NeighbourGroups(new(1, 8, 8), 0), new NeighbourGroups(new(1, 2, 2), 3) })
        {
            var plan = new GroupedPlan(pattern, TokenGrid.Of(layout));
            Assert.Equal(1, plan.Density);
            Assert.True(Error(GroupedAttention.Compute(input, layout, plan), dense) < 1e-6);
        }
    }

    [Fact]
    public void WhatDoesNotFitIsRefused()
    {
        var layout = new TokenLayout(1, 4, 4);
        var plan = new GroupedPlan(new AxisGroups(new(1, 2, 2)), TokenGrid.Of(layout));
        Tensor Of(long tokens) => zeros(1, 1, tokens, 8);
        var good = new AttentionInput(Of(16), Of(16), Of(16));

        Assert.Contains("16 tokens", Assert.Throws<ArgumentException>(() => GroupedAttention.Compute(new(Of(15), Of(15), Of(15)), layout, plan)).Message);
        Assert.Throws<ArgumentException>(() => GroupedAttention.Compute(good, new(1, 2, 8), plan));
        Assert.Throws<ArgumentException>(() => GroupedAttention.Compute(good with { Causal = true }, layout, plan));
        Assert.Throws<ArgumentException>(() => GroupedAttention.Compute(good with { Bias = zeros(16, 16) }, layout, plan));
        Assert.Throws<ArgumentException>(() => PartialAttention.Compute(good with { Causal = true }));
    }

    [Theory]
    [InlineData(3, 2, 17, 33, 24)]
    [InlineData(1, 1, 1, 1, 1)]
    [InlineData(2, 3, 100, 600, 16)]
    public void PartsOfTheKeysJoinToTheWhole(long rows, long heads, long queries, long keys, long dim)
    {
        foreach (var (dtype, tolerance) in new[] { (ScalarType.Float64, 1e-12), (ScalarType.Float32, 5e-6), (ScalarType.BFloat16, 3e-2) })
        {
            Tensor Heads(int seed, long tokens) => Random(dtype, seed, rows, tokens, heads, dim).transpose(1, 2);
            var input = new AttentionInput(Heads(1, queries), Heads(2, keys) * 3, Heads(3, keys), Scale: 0.4);
            var scores = input.Query.to(ScalarType.Float64).matmul(input.Key.to(ScalarType.Float64).transpose(2, 3)) * 0.4;
            foreach (var route in Enum.GetValues<AttentionRoute>().Where(r => r != AttentionRoute.Fused || dtype != ScalarType.Float64))
            {
                OperatorRoutes.Pin(attention: route);
                var whole = PartialAttention.Compute(input);
                Assert.True(Error(whole.Output, scores.softmax(-1).matmul(input.Value.to(ScalarType.Float64))) < tolerance, $"{route} {dtype}");
                Assert.Equal([rows, heads, queries], whole.LogSumExp.shape);
                Assert.True((whole.LogSumExp.to(ScalarType.Float64) - scores.logsumexp(-1)).abs().max().item<double>() < 4 * tolerance, $"{route} {dtype}");
            }
        }
    }

    private static Tensor Mask(IAttentionPattern pattern, TokenLayout layout)
    {
        long image = layout.Tokens, text = layout.TextLength;
        var seen = SeenPairs.Count(pattern, TokenGrid.Of(layout));
        var mask = ones(image + text, image + text, ScalarType.Bool);
        var (from, padding) = layout.Place == TextPlace.Before ? (text, (long)layout.ValidText) : (0L, image + layout.ValidText);
        mask.narrow(0, from, image).narrow(1, from, image).copy_(tensor([.. seen.Cast<int>().Select(s => s > 0)], [image, image]));
        mask.narrow(1, padding, text - layout.ValidText).fill_(false);
        return mask.ToTestDevice();
    }
}
