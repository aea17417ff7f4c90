using static TorchSharp.torch;

namespace Acceleration.Models;

/// <summary>
/// The forward pass of a block: x + gate·attention(x), then x + gate·feed-forward(x), where text and video are one stream that is modulated in two ways. The stream stays one tensor of which the two are views, unless a
/// strategy answers with two.
/// </summary>
internal static class CogVideoXForward
{
    // Parts of a modulation; scales have their 1 added when the weights are loaded.
    private const int Shift = 0;
    private const int Scale = 1;
    private const int Gate = 2;
    private const int TextShift = 3;
    private const int TextScale = 4;
    private const int TextGate = 5;

    public static Value Block(Value h, CogVideoXBlockCall s, Evaluation e)
    {
        var (attention, gatedAttention, _, feedForward, gatedFeedForward) = s.Sites;
        var middle = e.IsHooked(gatedAttention)
            ? Sum(h, e.At(gatedAttention, h, s, GatedAttention))
            : Add(h, Attention(h, s, e), s, s.Block.AttentionAt, e, e.IsHooked(attention));
        var result = e.IsHooked(gatedFeedForward)
            ? Sum(middle, e.At(gatedFeedForward, middle, s, GatedFeedForward))
            : Add(middle, FeedForward(middle, s, e), s, s.Block.FeedForwardAt, e, e.IsHooked(feedForward));
        middle.Main.Dispose();
        middle.Text!.Dispose();
        middle.Joint(TextPlace.Before).Dispose();
        return result;
    }

    /// <summary>The normalised and modulated input of a block's attention.</summary>
    public static Value AttentionInput(Value h, CogVideoXBlockCall s, Evaluation e) => Modulated(h, s.Block.AttentionNorm, s, s.Block.AttentionAt, e);

    private static Value FeedForwardInput(Value h, CogVideoXBlockCall s, Evaluation e) => Modulated(h, s.Block.FeedForwardNorm, s, s.Block.FeedForwardAt, e);

    private static Value GatedAttention(Value h, CogVideoXBlockCall s, Evaluation e) => Times(Attention(h, s, e), s, s.Block.AttentionAt, e);

    private static Value GatedFeedForward(Value h, CogVideoXBlockCall s, Evaluation e) => Times(FeedForward(h, s, e), s, s.Block.FeedForwardAt, e);

    private static Value Attention(Value h, CogVideoXBlockCall s, Evaluation e) => e.At(s.Sites.Attention, h, s, AttentionBody, AttentionInput);

    private static Value FeedForward(Value h, CogVideoXBlockCall s, Evaluation e) => e.At(s.Sites.FeedForward, h, s, FeedForwardBody, FeedForwardInput);

    private static Value AttentionBody(Value h, CogVideoXBlockCall s, Evaluation e)
    {
        using var scope = NewDisposeScope();
        using var joined = Attend(h.Joint(TextPlace.Before), s, e);
        return Split(s.Block.Projection.Apply(joined).InType(s.Network.Residual).MoveToOuterDisposeScope(), h);
    }

    /// <summary>[rows, tokens, width]; queries, keys and values are gone when the projection begins.</summary>
    private static Tensor Attend(Tensor h, CogVideoXBlockCall s, Evaluation e)
    {
        using var scope = NewDisposeScope();
        var c = s.Network.Config;
        var joint = s.Block.Qkv.Apply(h);

        // Queries and keys lie side by side: one pass serves both.
        long rows = joint.size(0), tokens = joint.size(1), row = joint.size(2);
        var both = joint.as_strided([rows, tokens, 2 * c.Heads, c.HeadWidth], [row * tokens, row, c.HeadWidth, 1], joint.storage_offset());
        both = s.Block.HeadNorm.Apply(both.InType(s.Network.Residual));
        if (s.Call.Turns is { } turns)
        {
            both = Rotary.Neighbours(both, turns.For(e));
        }

        both = both.InType(joint.dtype);
        var (query, key) = (both.narrow(2, 0, c.Heads).transpose(1, 2), both.narrow(2, c.Heads, c.Heads).transpose(1, 2));
        return Heads.Join(e.Attend(s.Sites.Attention, new(query, key, Heads.Of(joint, 2, 3, c.Heads)))).MoveToOuterDisposeScope();
    }

    private static Value FeedForwardBody(Value h, CogVideoXBlockCall s, Evaluation e)
    {
        using var scope = NewDisposeScope();
        return Split(s.Block.FeedForward.Apply(h.Joint(TextPlace.Before)).InType(s.Network.Residual).MoveToOuterDisposeScope(), h);
    }

    /// <summary>A joint stream as the pair that <paramref name="like"/> is; made outside the scope of the body.</summary>
    private static Value Split(Tensor joint, Value like)
    {
        var pair = Value.FromJoint(joint, like.Text!.size(1), TextPlace.Before);
        pair.Main.MoveToOuterDisposeScope();
        pair.Text!.MoveToOuterDisposeScope();
        return pair;
    }

    private static Value Modulated(Value h, LayerNorm norm, CogVideoXBlockCall s, int at, Evaluation e)
    {
        var pair = Value.FromJoint(norm.Apply(h.Joint(TextPlace.Before)), h.Text!.size(1), TextPlace.Before);
        pair.Main.mul_(s.Part(at + Scale, e)).Increase(s.Part(at + Shift, e));
        pair.Text!.mul_(s.Part(at + TextScale, e)).Increase(s.Part(at + TextShift, e));
        return pair;
    }

    private static Value Times(Value y, CogVideoXBlockCall s, int at, Evaluation e) => new(y.Main * s.Part(at + Gate, e), y.Text! * s.Part(at + TextGate, e));

    private static Value Sum(Value x, Value y) => Value.FromJoint(cat([x.Text!.Plus(y.Text!), x.Main.Plus(y.Main)], 1), x.Text!.size(1), TextPlace.Before);

    /// <summary>x + gate·y, rounded as <see cref="Sum"/> of <see cref="Times"/>. A value that a strategy has seen stays as it is; one that nobody else holds is overwritten.</summary>
    private static Value Add(Value x, Value y, CogVideoXBlockCall s, int at, Evaluation e, bool seen)
    {
        if (seen)
        {
            return Sum(x, Times(y, s, at, e));
        }

        y.Main.mul_(s.Part(at + Gate, e));
        y.Text!.mul_(s.Part(at + TextGate, e));
        y.Joint(TextPlace.Before).Increase(x.Joint(TextPlace.Before));
        return y;
    }
}
