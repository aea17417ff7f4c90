using Acceleration.Models;
using static TorchSharp.torch;

namespace Acceleration.Tests.Models;

/// <summary>Strategies may run a body on some rows, on some tokens, in pieces, or again: the parts make the same whole.</summary>
public sealed class DiTProbingTests : ModelTest
{
    private const int Rows = 5;

    private static readonly int[] Odd = [1, 3];
    private static readonly int[] Even = [0, 2, 4];

    [Theory]
    [InlineData("blocks")]
    [InlineData("attention")]
    [InlineData("attention.gated")]
    [InlineData("ff")]
    [InlineData("ff.gated")]
    public void SomeRowsAndThenTheOthers(string tag) => Same(tag, HookPhase.Cache, (_, h, next) => Interleave(next.InvokeRows(h, Odd), next.InvokeRows(h, Even)));

    [Fact]
    public void SomeRowsOfAChainAndThenTheOthers()
    {
        var probe = new ChainProbe((_, h, next) =>
        {
            var early = Interleave(next.InvokeRows(h, Odd, 0, 3), next.InvokeRows(h, Even, 0, 3));
            return Interleave(next.InvokeRows(early, Odd, 3, 8), next.InvokeRows(early, Even, 3, 8));
        });
        Same(probe, HookedEvaluation.Claim(Where.Chain));
    }

    [Theory]
    [InlineData("ff", HookPhase.Tokens)]
    [InlineData("ff", HookPhase.Cache)]
    [InlineData("ff.gated", HookPhase.Tokens)]
    public void SomeTokensAndThenTheOthers(string tag, HookPhase phase) => Same(tag, phase, (call, h, next) =>
    {
        var tokens = call.Layout!.Tokens;
        var result = zeros_like(h.Main);
        foreach (var first in new long[] { 0, 1, 2 })
        {
            var selection = new TokenSelection(tokens, arange(first, tokens, 3, ScalarType.Int64));
            result.index_copy_(1, selection.Index, next.InvokeTokens(selection.Take(h.Main, 1), selection).Main);
        }

        return result;
    });

    [Fact]
    public void TokensThatDifferFromRowToRow() => Same("ff", HookPhase.Tokens, (call, h, next) =>
    {
        var order = rand(Rows, call.Layout!.Tokens).argsort(1);
        var result = zeros_like(h.Main);
        foreach (var half in order.chunk(2, 1))
        {
            var selection = new TokenSelection(call.Layout.Tokens, half);
            result.scatter_(1, half.unsqueeze(2).expand(-1, -1, h.Main.size(2)), next.InvokeTokens(selection.Take(h.Main, 1), selection).Main);
        }

        return result;
    });

    [Theory]
    [InlineData("blocks")]
    [InlineData("attention")]
    [InlineData("ff")]
    [InlineData("ff.gated")]
    public void PieceByPiece(string tag) => Same(tag, HookPhase.Slice, (_, h, next) => Value.Concat(
        [.. Enumerable.Range(0, 3).Select(i => next.InvokeRows(h, i == 2 ? [4] : [2 * i, (2 * i) + 1]))]));

    [Theory]
    [InlineData("blocks")]
    [InlineData("attention")]
    [InlineData("attention.gated")]
    [InlineData("ff")]
    public void Twice(string tag) => Same(tag, HookPhase.Cache, (_, h, next) =>
    {
        var first = next.Invoke(h).Main.clone();
        var second = next.Invoke(h).Main;
        Assert.Equal(0, Difference(first, second));
        return second;
    });

    // A strategy that keeps what a site returned must find it unchanged later.
    [Theory]
    [InlineData("blocks")]
    [InlineData("attention")]
    [InlineData("attention.gated")]
    [InlineData("ff")]
    [InlineData("ff.gated")]
    public void WhatAStrategyKeepsStaysAsItWas(string tag)
    {
        var kept = new List<(Tensor Alias, Tensor Copy)>();
        Same(tag, HookPhase.Cache, (_, h, next) =>
        {
            var result = next.Invoke(h);
            kept.Add((h.Main.alias().DetachFromDisposeScope(), h.Main.clone().DetachFromDisposeScope()));
            kept.Add((result.Main.alias().DetachFromDisposeScope(), result.Main.clone().DetachFromDisposeScope()));
            return result;
        });
        foreach (var (alias, copy) in kept)
        {
            Assert.Equal(0, Difference(alias, copy));
            alias.Dispose();
            copy.Dispose();
        }
    }

    [Fact]
    public void AttentionAsAStrategyHasIt() => Same(
        new AttentionProbe(a => (a.Query.matmul(a.Key.transpose(-2, -1)) / Math.Sqrt(a.Query.size(3))).softmax(-1).matmul(a.Value)),
        HookedEvaluation.Claim(Where.Attention, HookPhase.Attention));

    private static Value Interleave(Value odd, Value even)
    {
        var result = empty([Rows, .. odd.Main.shape[1..]], odd.Main.dtype);
        result.index_copy_(0, tensor(Odd.Select(i => (long)i).ToArray()), odd.Main);
        result.index_copy_(0, tensor(Even.Select(i => (long)i).ToArray()), even.Main);
        return result;
    }

    private static void Same(string tag, HookPhase phase, Func<SiteCall, Value, SiteNext, Value> invoke)
    {
        var probe = new SiteProbe(invoke);
        Same(probe, HookedEvaluation.Claim(Where.Parse(tag), phase));
        Assert.Equal(8, probe.Calls);
    }

    private static void Same(IRun run, Requirements needs)
    {
        using var network = DiT.Load(SampleNetwork);
        var x = Normal(8, Rows, 1, 12, 16);
        var t = tensor(new float[] { 10, 999, 500, 250, 730 });
        using var labels = Conditioning.Labels(0, 1, 2, 10, 9);
        var whole = network.Predict(x, t, labels, Evaluation.Plain(Rows));
        var parts = network.Predict(x, t, labels, HookedEvaluation.Of(network.Info, Rows, run, needs, out var trace));

        Assert.InRange(RelativeDifference(parts, whole), 0, 1e-5);
        Assert.InRange(trace.MultiplyAdds, -1, double.MaxValue);
    }
}
