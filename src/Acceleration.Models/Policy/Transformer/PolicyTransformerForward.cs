using static TorchSharp.torch;

namespace Acceleration.Models;

/// <summary>One block of one call: everything its bodies need.</summary>
/// <param name="Network">Layers and sizes.</param>
/// <param name="Index">Which block.</param>
/// <param name="Memory">Keys and values of all blocks, [rows, positions, 2·blocks·width]; null for the form of one stream.</param>
internal readonly record struct PolicyBlockCall(PolicyTransformerNetwork Network, int Index, Tensor? Memory)
{
    public PolicyBlock Block => Network.Blocks[Index];

    public PolicyBlockSites Sites => Network.Sites.Blocks[Index];

    public int Heads => Network.Config.Heads;
}

/// <summary>The forward pass of a block: attention among actions, attention to the memory, feed-forward part, each added to its input.</summary>
internal static class PolicyTransformerForward
{
    public static Value Block(Value h, PolicyBlockCall s, Evaluation e)
    {
        var (attention, cross, feedForward) = s.Sites;
        var x = Add(h.Main, e.At(attention, h, s, AttentionBody, AttentionInput).Main, e.IsHooked(attention));
        if (cross is not null)
        {
            x = Replaced(x, Add(x, e.At(cross, x, s, CrossBody, CrossInput).Main, e.IsHooked(cross)));
        }

        return Replaced(x, Add(x, e.At(feedForward, x, s, FeedForwardBody, FeedForwardInput).Main, e.IsHooked(feedForward)));
    }

    /// <summary>The normalised input of a block's attention.</summary>
    public static Value AttentionInput(Value h, PolicyBlockCall s, Evaluation e) => s.Block.AttentionNorm.Apply(h.Main);

    private static Value CrossInput(Value h, PolicyBlockCall s, Evaluation e) => s.Block.CrossNorm!.Apply(h.Main);

    private static Value FeedForwardInput(Value h, PolicyBlockCall s, Evaluation e) => s.Block.FeedForwardNorm.Apply(h.Main);

    private static Value AttentionBody(Value h, PolicyBlockCall s, Evaluation e)
    {
        using var scope = NewDisposeScope();
        var joint = s.Block.Qkv.Apply(h.Main);
        var mask = s.Network.Mask is { } whole ? Rows(Keys(Queries(whole, e), e)) : null;
        var mixed = e.Attend(s.Sites.Attention, new(Heads.Of(joint, 0, 3, s.Heads), Heads.Of(joint, 1, 3, s.Heads), Heads.Of(joint, 2, 3, s.Heads), mask));
        return InType(s.Block.Projection.Apply(Heads.Join(mixed)), s.Network.Residual).MoveToOuterDisposeScope();
    }

    private static Value CrossBody(Value h, PolicyBlockCall s, Evaluation e)
    {
        using var scope = NewDisposeScope();
        var query = Heads.Split(s.Block.Query!.Apply(h.Main), s.Heads);
        var (memory, parts) = (e.ForRows(s.Memory!), 2 * s.Network.Config.Depth);
        var mask = s.Network.MemoryMask is { } whole ? Rows(Queries(whole, e)) : null;
        var mixed = e.Attend(s.Sites.CrossAttention!, new(query, Heads.Of(memory, 2 * s.Index, parts, s.Heads), Heads.Of(memory, (2 * s.Index) + 1, parts, s.Heads), mask));
        return InType(s.Block.CrossProjection!.Apply(Heads.Join(mixed)), s.Network.Residual).MoveToOuterDisposeScope();
    }

    private static Value FeedForwardBody(Value h, PolicyBlockCall s, Evaluation e)
    {
        using var scope = NewDisposeScope();
        using var active = s.Block.Up.ApplyGelu(h.Main, GeluForm.Erf);
        return InType(s.Block.Down.Apply(active), s.Network.Residual).MoveToOuterDisposeScope();
    }

    /// <summary>The mask's rows for the tokens that ask: [queries, keys], or [rows, queries, keys] where every row has its own.</summary>
    private static Tensor Queries(Tensor mask, Evaluation e) => e.ForTokens(Shortened(mask, 0, e), 0);

    /// <summary>Its columns for the tokens that are asked.</summary>
    private static Tensor Keys(Tensor mask, Evaluation e)
    {
        var last = (int)mask.ndim - 1;
        return e.ForTokens(Shortened(mask, last, e), last);
    }

    /// <summary>Fewer actions than in training are the first of them.</summary>
    private static Tensor Shortened(Tensor mask, int dim, Evaluation e) => e.Layout is { } layout && layout.Tokens < mask.size(dim) ? mask.narrow(dim, 0, layout.Tokens) : mask;

    /// <summary>Broadcastable to [rows, heads, queries, keys].</summary>
    private static Tensor Rows(Tensor mask) => mask.ndim == 3 ? mask.unsqueeze(1) : mask;

    /// <summary>The tensor itself where it has the type: `to` would make a second handle.</summary>
    private static Tensor InType(Tensor x, ScalarType type) => x.dtype == type ? x : x.to(type);

    /// <summary>A value that a strategy has seen stays as it is; one that nobody else holds is overwritten.</summary>
    private static Tensor Add(Tensor x, Tensor y, bool seen) => seen ? y.Plus(x) : y.Increase(x);

    private static Tensor Replaced(Tensor old, Tensor now)
    {
        old.Dispose();
        return now;
    }
}
