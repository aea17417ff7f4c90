using static TorchSharp.torch;

namespace Acceleration.Models;

/// <summary>The forward pass of a block: x + gate·attention(x), x + cross-attention(x), x + gate·feed-forward(x).</summary>
internal static class WanForward
{
    // Parts of a block's modulation; scales have their 1 added when the tables are loaded.
    private const int AttentionShift = 0;
    private const int AttentionScale = 1;
    private const int AttentionGate = 2;
    private const int FeedForwardShift = 3;
    private const int FeedForwardScale = 4;
    private const int FeedForwardGate = 5;

    public static Value Block(Value h, WanBlockCall s, Evaluation e)
    {
        var (attention, gatedAttention, cross, feedForward, gatedFeedForward) = s.Sites;
        var attended = e.IsHooked(gatedAttention)
            ? h.Main.Plus(e.At(gatedAttention, h, s, GatedAttention).Main)
            : Gated.Add(h.Main, Attention(h, s, e), s.Part(AttentionGate, e), e.IsHooked(attention));
        var told = attended.Plus(e.At(cross, attended, s, CrossBody, s.Block.CrossNorm is null ? null : CrossInput).Main);
        attended.Dispose();
        var result = e.IsHooked(gatedFeedForward)
            ? told.Plus(e.At(gatedFeedForward, told, s, GatedFeedForward).Main)
            : Gated.Add(told, FeedForward(told, s, e), s.Part(FeedForwardGate, e), e.IsHooked(feedForward));
        told.Dispose();
        return result;
    }

    /// <summary>The normalised and modulated input of a block's attention.</summary>
    public static Value AttentionInput(Value h, WanBlockCall s, Evaluation e) =>
        s.Network.Norm.Modulated(h.Main, s.Part(AttentionShift, e), s.Part(AttentionScale, e));

    private static Value CrossInput(Value h, WanBlockCall s, Evaluation e) => s.Block.CrossNorm!.Apply(h.Main);

    private static Value FeedForwardInput(Value h, WanBlockCall s, Evaluation e) =>
        s.Network.Norm.Modulated(h.Main, s.Part(FeedForwardShift, e), s.Part(FeedForwardScale, e));

    private static Value GatedAttention(Value h, WanBlockCall s, Evaluation e) => Attention(h, s, e) * s.Part(AttentionGate, e);

    private static Value GatedFeedForward(Value h, WanBlockCall s, Evaluation e) => FeedForward(h, s, e) * s.Part(FeedForwardGate, e);

    private static Tensor Attention(Value h, WanBlockCall s, Evaluation e) => e.At(s.Sites.Attention, h, s, AttentionBody, AttentionInput).Main;

    private static Tensor FeedForward(Value h, WanBlockCall s, Evaluation e) => e.At(s.Sites.FeedForward, h, s, FeedForwardBody, FeedForwardInput).Main;

    private static Value AttentionBody(Value h, WanBlockCall s, Evaluation e)
    {
        using var scope = NewDisposeScope();
        using var joined = Attend(h.Main, s, e);
        return s.Block.Projection.Apply(joined).InType(s.Network.Residual).MoveToOuterDisposeScope();
    }

    /// <summary>[rows, tokens, width]; queries, keys and values are gone when the projection begins.</summary>
    private static Tensor Attend(Tensor h, WanBlockCall s, Evaluation e)
    {
        using var scope = NewDisposeScope();
        var (c, type) = (s.Network.Config, s.Network.Residual);
        var joint = s.Block.Qkv.Apply(h);

        // Queries and keys lie side by side: one pass serves both.
        long rows = joint.size(0), tokens = joint.size(1), row = joint.size(2);
        var both = joint.as_strided([rows, tokens, 2, c.Width], [row * tokens, row, c.Width, 1], joint.storage_offset()).InType(type);
        var normed = s.Network.HeadsNorm.Apply(both).mul_(s.Block.QueryKeyNorm).view(rows, tokens, 2 * c.Heads, c.HeadWidth);
        var turned = Rotary.Neighbours(normed, e.ForTokens(s.Call.Turns, 0)).InType(joint.dtype);
        var (query, key) = (turned.narrow(2, 0, c.Heads).transpose(1, 2), turned.narrow(2, c.Heads, c.Heads).transpose(1, 2));
        return Heads.Join(e.Attend(s.Sites.Attention, new(query, key, Heads.Of(joint, 2, 3, c.Heads)))).MoveToOuterDisposeScope();
    }

    private static Value CrossBody(Value h, WanBlockCall s, Evaluation e)
    {
        using var scope = NewDisposeScope();
        var (cross, heads) = (s.Block.Cross, s.Network.Config.Heads);
        var query = Heads.Split(cross.QueryNorm.Apply(cross.Query.Apply(h.Main)), heads);
        var mixed = To(cross.Text, s.Call.Text);
        if (s.Call.Image is { } image)
        {
            mixed = mixed.Plus(To(cross.Image!, image));
        }

        return cross.Projection.Apply(mixed).InType(s.Network.Residual).MoveToOuterDisposeScope();

        Tensor To(WanKeys keys, Tensor tokens)
        {
            var (key, value) = keys.Of(e.ForRows(tokens), heads);
            return Heads.Join(e.Attend(s.Sites.Cross, new(query, key, value)));
        }
    }

    private static Value FeedForwardBody(Value h, WanBlockCall s, Evaluation e)
    {
        using var scope = NewDisposeScope();
        return s.Block.FeedForward.Apply(h.Main).InType(s.Network.Residual).MoveToOuterDisposeScope();
    }
}
