using static TorchSharp.torch;

namespace Acceleration.Models;

/// <summary>
/// The forward pass of a block: x + gate·attention(x), x + cross-attention(x), x + gate·feed-forward(x). Between blocks, and everywhere but in spatial attention, tokens of all frames lie one after another.
/// </summary>
internal static class LatteForward
{
    // Parts of a block's modulation; scales have their 1 added when the tables are loaded.
    private const int AttentionShift = 0;
    private const int AttentionScale = 1;
    private const int AttentionGate = 2;
    private const int FeedForwardShift = 3;
    private const int FeedForwardScale = 4;
    private const int FeedForwardGate = 5;

    public static Value Block(Value h, LatteBlockCall s, Evaluation e)
    {
        var x = s.Block.IsTemporal ? Temporal(s.Index == 1 ? WithTimes(h.Main, s) : h.Main, s, e) : Spatial(h.Main, s, e);
        if (s.Sites.Cross is { } cross)
        {
            x = Next(x, x.Plus(e.At(cross, x, s, CrossBody).Main));
        }

        var (site, gated) = (s.Sites.FeedForward, s.Sites.GatedFeedForward);
        return Next(x, e.IsHooked(gated)
            ? x.Plus(e.At(gated, x, s, GatedFeedForward).Main)
            : Gated.Add(x, FeedForward(x, s, e), s.Part(FeedForwardGate, e), e.IsHooked(site)));
    }

    /// <summary>The normalised and modulated input of a block's attention, whatever its dimension 0.</summary>
    public static Value AttentionInput(Value h, LatteBlockCall s, Evaluation e)
    {
        var (shift, scale) = (s.Part(AttentionShift, e), s.Part(AttentionScale, e));
        if (h.Main.size(0) == e.Rows.Count)
        {
            return s.Block.AttentionNorm.Modulated(h.Main, shift, scale);
        }

        using var scope = NewDisposeScope();
        var whole = s.Block.AttentionNorm.Modulated(AllFrames(h.Main, e), shift, scale);
        return whole.view_as(h.Main).MoveToOuterDisposeScope();
    }

    private static Tensor Spatial(Tensor x, LatteBlockCall s, Evaluation e)
    {
        var (site, gated, layout) = (s.Sites.Attention, s.Sites.GatedAttention, s.Call.Layout);
        var frames = x.reshape(x.size(0) * s.Frames, -1, x.size(2));
        e.Layout = layout with { Frames = 1 };
        var sum = e.IsHooked(gated)
            ? x.Plus(e.At(gated, frames, s, GatedAttention).Main.view_as(x))
            : Gated.Add(x, Attention(frames, s, e).reshape(x.shape), s.Part(AttentionGate, e), e.IsHooked(site));
        e.Layout = layout;
        return sum;
    }

    private static Tensor Temporal(Tensor x, LatteBlockCall s, Evaluation e)
    {
        var (site, gated) = (s.Sites.Attention, s.Sites.GatedAttention);
        return e.IsHooked(gated)
            ? x.Plus(e.At(gated, x, s, GatedAttention).Main)
            : Gated.Add(x, Attention(x, s, e), s.Part(AttentionGate, e), e.IsHooked(site));
    }

    /// <summary>Frames are told apart where time is first attended over.</summary>
    private static Tensor WithTimes(Tensor x, LatteBlockCall s)
    {
        if (s.Frames == 1)
        {
            return x;
        }

        using var scope = NewDisposeScope();
        var frames = x.reshape(x.size(0), s.Frames, -1, x.size(2));
        return frames.Plus(s.Network.Positions.OfTime(s.Frames)).view(x.size(0), -1, x.size(2)).MoveToOuterDisposeScope();
    }

    private static Value GatedAttention(Value h, LatteBlockCall s, Evaluation e)
    {
        using var scope = NewDisposeScope();
        var y = Attention(h.Main, s, e);
        return AllFrames(y, e).mul(s.Part(AttentionGate, e)).view_as(y).MoveToOuterDisposeScope();
    }

    private static Value GatedFeedForward(Value h, LatteBlockCall s, Evaluation e) => FeedForward(h.Main, s, e) * s.Part(FeedForwardGate, e);

    private static Tensor Attention(Tensor h, LatteBlockCall s, Evaluation e) =>
        e.At(s.Sites.Attention, h, s, s.Block.IsTemporal ? TemporalBody : SpatialBody, AttentionInput).Main;

    private static Tensor FeedForward(Tensor h, LatteBlockCall s, Evaluation e) =>
        e.At(s.Sites.FeedForward, h, s, FeedForwardBody, FeedForwardInput).Main;

    private static Value FeedForwardInput(Value h, LatteBlockCall s, Evaluation e) =>
        s.Block.FeedForwardNorm.Modulated(h.Main, s.Part(FeedForwardShift, e), s.Part(FeedForwardScale, e));

    private static Value SpatialBody(Value h, LatteBlockCall s, Evaluation e)
    {
        using var scope = NewDisposeScope();
        using var joined = Attend(h.Main, s, e);
        return s.Block.Projection.Apply(joined).InType(s.Network.Residual).MoveToOuterDisposeScope();
    }

    /// <summary>Frames come together place by place, and apart again.</summary>
    private static Value TemporalBody(Value h, LatteBlockCall s, Evaluation e)
    {
        using var scope = NewDisposeScope();
        e.Layout = new(s.Frames, 1, 1);
        var (rows, width) = (h.Main.size(0), h.Main.size(2));
        var places = h.Main.reshape(rows, s.Frames, -1, width).transpose(1, 2).reshape(-1, s.Frames, width);
        var result = s.Block.Projection.Apply(Attend(places, s, e)).InType(s.Network.Residual);
        return result.view(rows, -1, s.Frames, width).transpose(1, 2).reshape(rows, -1, width).MoveToOuterDisposeScope();
    }

    /// <summary>[sequences, tokens, width]; queries, keys and values are gone when the projection begins.</summary>
    private static Tensor Attend(Tensor h, LatteBlockCall s, Evaluation e)
    {
        using var scope = NewDisposeScope();
        var heads = s.Network.Config.Heads;
        var joint = s.Block.Qkv.Apply(h);
        return Heads.Join(e.Attend(s.Sites.Attention, new(Heads.Of(joint, 0, 3, heads), Heads.Of(joint, 1, 3, heads), Heads.Of(joint, 2, 3, heads)))).MoveToOuterDisposeScope();
    }

    /// <summary>No query sees another: the tokens of all frames are one sequence.</summary>
    private static Value CrossBody(Value h, LatteBlockCall s, Evaluation e)
    {
        using var scope = NewDisposeScope();
        var (cross, heads) = (s.Block.Cross!, s.Network.Config.Heads);
        var query = Heads.Split(cross.Query.Apply(h.Main), heads);
        var text = cross.KeyValue.Apply(e.ForRows(s.Call.Text!));
        var bias = s.Call.Mask is { } mask ? e.ForRows(mask) : null;
        var mixed = e.Attend(s.Sites.Cross!, new(query, Heads.Of(text, 0, 2, heads), Heads.Of(text, 1, 2, heads), bias));
        return cross.Projection.Apply(Heads.Join(mixed)).InType(s.Network.Residual).MoveToOuterDisposeScope();
    }

    private static Value FeedForwardBody(Value h, LatteBlockCall s, Evaluation e)
    {
        using var scope = NewDisposeScope();
        return s.Block.FeedForward.Apply(h.Main).InType(s.Network.Residual).MoveToOuterDisposeScope();
    }

    /// <summary>[rows, tokens of all frames, width].</summary>
    private static Tensor AllFrames(Tensor x, Evaluation e) => x.reshape(e.Rows.Count, -1, x.size(2));

    /// <summary>What is needed no more goes at once.</summary>
    private static Tensor Next(Tensor before, Tensor now)
    {
        before.Dispose();
        return now;
    }
}
