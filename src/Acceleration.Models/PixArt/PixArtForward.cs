using static TorchSharp.torch;

namespace Acceleration.Models;

/// <summary>One block of one call: everything its bodies need.</summary>
/// <param name="Network">Layers and sizes.</param>
/// <param name="Index">Which block.</param>
/// <param name="Modulation">[rows, parts, 1, width] of the whole call.</param>
/// <param name="Text">[rows, text tokens, width].</param>
/// <param name="Bias">[rows, 1, 1, text tokens], added to scores; null where all tokens count.</param>
internal readonly record struct PixArtCall(PixArtNetwork Network, int Index, Tensor Modulation, Tensor Text, Tensor? Bias)
{
    public PixArtBlock Block => Network.Blocks[Index];

    public PixArtBlockSites Sites => Network.Sites.Blocks[Index];

    /// <summary>A part of this block's modulation for the rows of <paramref name="e"/>, [rows, 1, width].</summary>
    public Tensor Part(int part, Evaluation e) => e.ForRows(Modulation.select(1, (Index * PixArtConditioner.BlockParts) + part));
}

/// <summary>The forward pass of a block: x + gate·attention(x), then x + attention(x, text), then x + gate·feed-forward(x).</summary>
internal static class PixArtForward
{
    // Parts of a block's modulation; scales have their 1 added when the weights are loaded.
    private const int AttentionShift = 0;
    private const int AttentionScale = 1;
    private const int AttentionGate = 2;
    private const int FeedForwardShift = 3;
    private const int FeedForwardScale = 4;
    private const int FeedForwardGate = 5;

    public static Value Block(Value h, PixArtCall s, Evaluation e)
    {
        var (attention, gatedAttention, cross, feedForward, gatedFeedForward) = s.Sites;
        var first = e.IsHooked(gatedAttention)
            ? h.Main.Plus(e.At(gatedAttention, h, s, GatedAttention).Main)
            : Gated.Add(h.Main, Attention(h, s, e), s.Part(AttentionGate, e), e.IsHooked(attention));
        var looked = e.At(cross, first, s, CrossBody).Main;
        var second = e.IsHooked(cross) ? looked.Plus(first) : looked.Increase(first);
        first.Dispose();
        var result = e.IsHooked(gatedFeedForward)
            ? second.Plus(e.At(gatedFeedForward, second, s, GatedFeedForward).Main)
            : Gated.Add(second, FeedForward(second, s, e), s.Part(FeedForwardGate, e), e.IsHooked(feedForward));
        second.Dispose();
        return result;
    }

    /// <summary>The normalised and modulated input of a block's attention.</summary>
    public static Value ModulatedInput(Value h, PixArtCall s, Evaluation e) =>
        s.Block.AttentionNorm.Modulated(h.Main, s.Part(AttentionShift, e), s.Part(AttentionScale, e));

    private static Value FeedForwardInput(Value h, PixArtCall s, Evaluation e) =>
        s.Block.FeedForwardNorm.Modulated(h.Main, s.Part(FeedForwardShift, e), s.Part(FeedForwardScale, e));

    private static Value GatedAttention(Value h, PixArtCall s, Evaluation e) => Attention(h, s, e) * s.Part(AttentionGate, e);

    private static Value GatedFeedForward(Value h, PixArtCall s, Evaluation e) => FeedForward(h, s, e) * s.Part(FeedForwardGate, e);

    private static Tensor Attention(Value h, PixArtCall s, Evaluation e) => e.At(s.Sites.Attention, h, s, AttentionBody, ModulatedInput).Main;

    private static Tensor FeedForward(Value h, PixArtCall s, Evaluation e) => e.At(s.Sites.FeedForward, h, s, FeedForwardBody, FeedForwardInput).Main;

    private static Value AttentionBody(Value h, PixArtCall s, Evaluation e)
    {
        using var scope = NewDisposeScope();
        using var joined = Attend(h.Main, s, e);
        return s.Block.Projection.Apply(joined).InType(s.Network.Residual).MoveToOuterDisposeScope();
    }

    /// <summary>[rows, tokens, width]; queries, keys and values are gone when the projection begins.</summary>
    private static Tensor Attend(Tensor h, PixArtCall s, Evaluation e)
    {
        using var scope = NewDisposeScope();
        var heads = s.Network.Config.Heads;
        var joint = s.Block.Qkv.Apply(h);
        var mixed = e.Attend(s.Sites.Attention, new(Heads.Of(joint, 0, 3, heads), Heads.Of(joint, 1, 3, heads), Heads.Of(joint, 2, 3, heads)));
        return Heads.Join(mixed).MoveToOuterDisposeScope();
    }

    private static Value CrossBody(Value h, PixArtCall s, Evaluation e)
    {
        using var scope = NewDisposeScope();
        using var joined = Look(h.Main, s, e);
        return s.Block.CrossProjection.Apply(joined).InType(s.Network.Residual).MoveToOuterDisposeScope();
    }

    /// <summary>[rows, tokens, width]: what image tokens see in the text.</summary>
    private static Tensor Look(Tensor h, PixArtCall s, Evaluation e)
    {
        using var scope = NewDisposeScope();
        var heads = s.Network.Config.Heads;
        var query = s.Block.Query.Apply(h);
        var text = s.Block.KeyValue.Apply(e.ForRows(s.Text));
        var mixed = e.Attend(s.Sites.CrossAttention, new(Heads.Split(query, heads), Heads.Of(text, 0, 2, heads), Heads.Of(text, 1, 2, heads), s.Bias is null ? null : e.ForRows(s.Bias)));
        return Heads.Join(mixed).MoveToOuterDisposeScope();
    }

    private static Value FeedForwardBody(Value h, PixArtCall s, Evaluation e)
    {
        using var scope = NewDisposeScope();
        using var active = s.Block.Up.ApplyGelu(h.Main);
        return s.Block.Down.Apply(active).InType(s.Network.Residual).MoveToOuterDisposeScope();
    }
}
