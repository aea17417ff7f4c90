using static TorchSharp.torch;

namespace Acceleration.Models;

/// <summary>One block of one call: everything its bodies need.</summary>
/// <param name="Network">Layers and sizes.</param>
/// <param name="Index">Which block.</param>
/// <param name="Modulation">[rows, parts, 1, width] of the whole call.</param>
internal readonly record struct DiTBlockCall(DiTNetwork Network, int Index, Tensor Modulation)
{
    public DiTBlock Block => Network.Blocks[Index];

    public DiTBlockSites Sites => Network.Sites.Blocks[Index];

    /// <summary>A part of this block's modulation for the rows of <paramref name="e"/>, [rows, 1, width].</summary>
    public Tensor Part(int part, Evaluation e)
    {
        var at = DiTConditioner.OutputParts + (Index * DiTConditioner.BlockParts) + part;
        return e.ForRows(Modulation.select(1, at));
    }
}

/// <summary>The forward pass of a block: x + gate·attention(x), then x + gate·feed-forward(x).</summary>
internal static class DiTForward
{
    // Parts of a block's modulation; scales have their 1 added when the weights are loaded.
    private const int AttentionShift = 0;
    private const int AttentionScale = 1;
    private const int AttentionGate = 2;
    private const int FeedForwardShift = 3;
    private const int FeedForwardScale = 4;
    private const int FeedForwardGate = 5;

    public static Value Block(Value h, DiTBlockCall s, Evaluation e)
    {
        var (attention, gatedAttention, feedForward, gatedFeedForward) = s.Sites;
        var middle = e.IsHooked(gatedAttention)
            ? h.Main.Plus(e.At(gatedAttention, h, s, GatedAttention).Main)
            : Gated.Add(h.Main, Attention(h, s, e), s.Part(AttentionGate, e), e.IsHooked(attention));
        var result = e.IsHooked(gatedFeedForward)
            ? middle.Plus(e.At(gatedFeedForward, middle, s, GatedFeedForward).Main)
            : Gated.Add(middle, FeedForward(middle, s, e), s.Part(FeedForwardGate, e), e.IsHooked(feedForward));
        middle.Dispose();
        return result;
    }

    /// <summary>The normalised and modulated input of a block's attention.</summary>
    public static Value ModulatedInput(Value h, DiTBlockCall s, Evaluation e) =>
        s.Network.AttentionNorm.Modulated(h.Main, s.Part(AttentionShift, e), s.Part(AttentionScale, e));

    private static Value FeedForwardInput(Value h, DiTBlockCall s, Evaluation e) =>
        s.Network.FeedForwardNorm.Modulated(h.Main, s.Part(FeedForwardShift, e), s.Part(FeedForwardScale, e));

    private static Value GatedAttention(Value h, DiTBlockCall s, Evaluation e) => Attention(h, s, e) * s.Part(AttentionGate, e);

    private static Value GatedFeedForward(Value h, DiTBlockCall s, Evaluation e) => FeedForward(h, s, e) * s.Part(FeedForwardGate, e);

    private static Tensor Attention(Value h, DiTBlockCall s, Evaluation e) =>
        e.At(s.Sites.Attention, h, s, AttentionBody, ModulatedInput).Main;

    private static Tensor FeedForward(Value h, DiTBlockCall s, Evaluation e) =>
        e.At(s.Sites.FeedForward, h, s, FeedForwardBody, FeedForwardInput).Main;

    private static Value AttentionBody(Value h, DiTBlockCall s, Evaluation e)
    {
        using var scope = NewDisposeScope();
        using var joined = Attend(h.Main, s, e);
        return s.Block.Projection.Apply(joined).InType(s.Network.Residual).MoveToOuterDisposeScope();
    }

    /// <summary>[rows, tokens, width]; queries, keys and values are gone when the projection begins.</summary>
    private static Tensor Attend(Tensor h, DiTBlockCall s, Evaluation e)
    {
        using var scope = NewDisposeScope();
        var c = s.Network.Config;
        var joint = s.Block.Qkv.Apply(h);
        var mixed = e.Attend(s.Sites.Attention, new(Heads.Of(joint, 0, 3, c.Heads), Heads.Of(joint, 1, 3, c.Heads), Heads.Of(joint, 2, 3, c.Heads)));
        return Heads.Join(mixed).MoveToOuterDisposeScope();
    }

    private static Value FeedForwardBody(Value h, DiTBlockCall s, Evaluation e)
    {
        using var scope = NewDisposeScope();
        using var active = s.Block.Up.ApplyGelu(h.Main);
        return s.Block.Down.Apply(active).InType(s.Network.Residual).MoveToOuterDisposeScope();
    }
}
