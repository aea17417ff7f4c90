using static TorchSharp.torch;

namespace Acceleration.Models;

/// <summary>
/// The forward pass of a block: x + gate·attention(x), x + cross-attention(x), x + gate·feed-forward(x). Between blocks, and everywhere but in spatial attention, tokens of all frames lie one after another.
/// </summary>
internal static class LatteForward
{
    public static Value Block(Value h, LatteBlockCall s, Evaluation e)
    {
        var x = s.Block.IsTemporal ? AdaLnForward.Attention(s.Index == 1 ? WithTimes(h.Main, s) : h.Main, s, e) : Spatial(h.Main, s, e);
        if (s.Sites.Cross is { } cross)
        {
            x = Next(x, x.Plus(e.At(cross, x, s, CrossBody).Main));
        }

        return Next(x, AdaLnForward.FeedForward(x, s, e));
    }

    /// <summary>Attention over time, [rows, tokens of all frames, width]: frames come together place by place, and apart again.</summary>
    public static Tensor OverTime(Tensor h, LatteBlockCall s, Evaluation e)
    {
        using var scope = NewDisposeScope();
        e.Layout = new(s.Frames, 1, 1);
        var (rows, width) = (h.size(0), h.size(2));
        var places = h.reshape(rows, s.Frames, -1, width).transpose(1, 2).reshape(-1, s.Frames, width);
        var result = s.Block.Attention.Apply(places, s.Sites.Attention, e, s.Residual);
        return result.view(rows, -1, s.Frames, width).transpose(1, 2).reshape(rows, -1, width).MoveToOuterDisposeScope();
    }

    private static Tensor Spatial(Tensor x, LatteBlockCall s, Evaluation e)
    {
        var (site, gated, layout) = (s.Sites.Attention, s.Sites.GatedAttention, s.Call.Layout);
        var frames = x.reshape(x.size(0) * s.Frames, -1, x.size(2));
        e.Layout = layout with { Frames = 1 };
        var sum = e.IsHooked(gated)
            ? x.Plus(e.At(gated, frames, s, GatedOverSpace).Main.view_as(x))
            : Gated.Add(x, OverSpace(frames, s, e).reshape(x.shape), s.Part(AdaLnForward.AttentionGate, e), e.IsHooked(site));
        e.Layout = layout;
        return sum;
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

    /// <summary>Attention over space, [rows·frames, tokens of a frame, width].</summary>
    private static Tensor OverSpace(Tensor frames, LatteBlockCall s, Evaluation e) =>
        e.At(s.Sites.Attention, frames, s, static (h, s, e) => s.Block.Attention.Apply(h.Main, s.Sites.Attention, e, s.Residual), ModulatedFrames).Main;

    private static Value GatedOverSpace(Value h, LatteBlockCall s, Evaluation e)
    {
        using var scope = NewDisposeScope();
        var y = OverSpace(h.Main, s, e);
        return AllFrames(y, e).mul(s.Part(AdaLnForward.AttentionGate, e)).view_as(y).MoveToOuterDisposeScope();
    }

    private static Value ModulatedFrames(Value h, LatteBlockCall s, Evaluation e)
    {
        using var scope = NewDisposeScope();
        return AdaLnForward.AttentionInput(AllFrames(h.Main, e), s, e).view_as(h.Main).MoveToOuterDisposeScope();
    }

    /// <summary>No query sees another: the tokens of all frames are one sequence.</summary>
    private static Value CrossBody(Value h, LatteBlockCall s, Evaluation e) =>
        s.Block.Cross!.Apply(h.Main, s.Call.Text!, s.Call.Mask, s.Sites.Cross!, e, s.Residual);

    /// <summary>[rows, tokens of all frames, width].</summary>
    private static Tensor AllFrames(Tensor x, Evaluation e) => x.reshape(e.Rows.Count, -1, x.size(2));

    /// <summary>What is needed no more goes at once.</summary>
    private static Tensor Next(Tensor before, Tensor now)
    {
        before.Dispose();
        return now;
    }
}
