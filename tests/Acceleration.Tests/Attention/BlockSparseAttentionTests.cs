using Acceleration.Tests.Operators;
using static TorchSharp.torch;

namespace Acceleration.Tests.Attention;

/// <summary>Maps of blocks against dense attention under the mask that they stand for.</summary>
public sealed class BlockSparseAttentionTests : OperatorTest
{
    // Queries, keys, and sides of a block: whole, ragged on either side, larger than the axis, super-blocks of queries.
    [Theory]
    [InlineData(64, 64, 8, 8)]
    [InlineData(61, 64, 8, 16)]
    [InlineData(64, 61, 16, 8)]
    [InlineData(50, 33, 32, 4)]
    [InlineData(7, 5, 16, 16)]
    public void EveryHeadSeesItsOwnBlocks(int queries, int keys, int queryBlock, int keyBlock)
    {
        var (rows, heads) = (2, 3);
        var blocks = ((queries + queryBlock - 1) / queryBlock, (keys + keyBlock - 1) / keyBlock);
        Tensor Heads(int seed, int tokens) => Random(ScalarType.Float64, seed, rows, tokens, heads, 8).transpose(1, 2);
        var input = new AttentionInput(Heads(1, queries), Heads(2, keys), Heads(3, keys), Scale: 0.3);
        foreach (var (r, h) in new[] { (rows, heads), (1, heads), (rows, 1), (1, 1) })
        {
            var keep = Random(ScalarType.Float32, 4, r, h, blocks.Item1, blocks.Item2).gt(-0.3);
            keep[0, 0, 0] = false;
            var mask = keep.repeat_interleave(queryBlock, 2).narrow(2, 0, queries).repeat_interleave(keyBlock, 3).narrow(3, 0, keys);
            var expected = DenseAttention.Compute(input with { Bias = mask });

            Assert.True(Error(BlockSparseAttention.Compute(input, new(keep, queryBlock, keyBlock)), expected) < 1e-13, $"{r} {h}");
        }
    }

    [Theory]
    [InlineData(ScalarType.Float32, 3e-6)]
    [InlineData(ScalarType.BFloat16, 3e-2)]
    public void ALittleWorkspaceChangesNothing(ScalarType dtype, double tolerance)
    {
        var workspace = GroupedAttention.WorkspaceBytes;
        Tensor Heads(int seed) => Random(dtype, seed, 1, 1000, 4, 32).transpose(1, 2);
        var input = new AttentionInput(Heads(1), Heads(2), Heads(3));
        var map = new BlockMap(Random(ScalarType.Float32, 4, 1, 4, 16, 32).gt(0.5), 64, 32);
        var mask = map.Keep.repeat_interleave(64, 2).narrow(2, 0, 1000).repeat_interleave(32, 3).narrow(3, 0, 1000);
        var wide = new AttentionInput(input.Query.to(ScalarType.Float64), input.Key.to(ScalarType.Float64), input.Value.to(ScalarType.Float64), mask);

        var whole = BlockSparseAttention.Compute(input, map);
        GroupedAttention.WorkspaceBytes = 1 << 20;
        var little = BlockSparseAttention.Compute(input, map);
        GroupedAttention.WorkspaceBytes = workspace;

        var expected = DenseAttention.Compute(wide);
        Assert.True(Error(whole, expected) < tolerance && Error(little, expected) < tolerance);
    }

    [Fact]
    public void WhatDoesNotFitIsRefused()
    {
        var x = zeros(1, 2, 16, 8);
        var input = new AttentionInput(x, x, x);
        Tensor Map(params long[] size) => ones(size, ScalarType.Bool);

        Assert.Contains("bool [1 or 1, 2 or 1, 2, 4]; got Bool [1, 2, 4, 4]", Assert.Throws<ArgumentException>(() => BlockSparseAttention.Compute(input, new(Map(1, 2, 4, 4), 8, 4))).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => BlockSparseAttention.Compute(input, new(ones(1, 1, 2, 2), 8, 8)));
        Assert.Throws<ArgumentException>(() => BlockSparseAttention.Compute(input, new(Map(1, 3, 2, 2), 8, 8)));
        Assert.Throws<ArgumentException>(() => BlockSparseAttention.Compute(input with { Causal = true }, new(Map(1, 1, 2, 2), 8, 8)));
        Assert.Throws<ArgumentOutOfRangeException>(() => new BlockMap(Map(1, 1, 2, 2), 0, 8));
    }
}
