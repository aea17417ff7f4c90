using static TorchSharp.torch;

namespace Acceleration.Models;

/// <summary>The forward pass of a block: x + gate·attention(x), x + cross-attention(x), x + gate·feed-forward(x).</summary>
internal static class WanForward
{
    public static Value Block(Value h, WanBlockCall s, Evaluation e)
    {
        using var attended = AdaLnForward.Attention(h.Main, s, e);
        using var told = attended.Plus(e.At(s.Sites.Cross!, attended, s, CrossBody, s.Block.CrossNorm is null ? null : CrossInput).Main);
        attended.Dispose();
        return AdaLnForward.FeedForward(told, s, e);
    }

    /// <summary>Self-attention with the projection after it, [rows, tokens, width].</summary>
    public static Tensor Attention(Tensor h, WanBlockCall s, Evaluation e)
    {
        using var scope = NewDisposeScope();
        using var joined = Attend(h, s, e);
        return s.Block.Projection.Apply(joined).InType(s.Residual).MoveToOuterDisposeScope();
    }

    private static Value CrossInput(Value h, WanBlockCall s, Evaluation e) => s.Block.CrossNorm!.Apply(h.Main);

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
            return Heads.Join(e.Attend(s.Sites.Cross!, new(query, key, value)));
        }
    }
}
