using static TorchSharp.torch;

namespace Acceleration.Models;

/// <summary>A call of the network: everything its blocks need.</summary>
/// <param name="Network">Layers and sizes.</param>
/// <param name="Modulation">[rows, parts, 1, width] of the whole call.</param>
/// <param name="Turns">Rotary positions.</param>
internal readonly record struct FluxCall(FluxNetwork Network, Tensor Modulation, JointTurns Turns)
{
    public TwoStreamCall Double(int index) => new(
        Network.Doubles[index], Network.Sites.Doubles[index], Network.Norm, Network.Config.Heads, TextPlace.Before, Network.Residual, Modulation, Turns);

    public FluxSingleCall Single(int index) => new(this, Network.Singles[index], Network.Sites.Singles[index]);

    /// <summary>A part of the modulation for the rows of <paramref name="e"/>, [rows, 1, width].</summary>
    public Tensor Part(int part, Evaluation e) => e.ForRows(Modulation.select(1, part));
}

/// <summary>One block of one stream in one call.</summary>
internal readonly record struct FluxSingleCall(FluxCall Call, FluxSingleBlock Block, FluxSingleSites Sites);

/// <summary>The forward pass of the blocks: those of two streams, then those of one, x + gate·output(attention(x), feed-forward(x)).</summary>
internal static class FluxForward
{
    private const int Shift = 0;
    private const int Scale = 1;
    private const int Gate = 2;

    public static Value Block(Value h, int index, FluxCall s, Evaluation e)
    {
        var doubles = s.Network.Doubles.Count;
        return index < doubles ? TwoStreamForward.Block(h, s.Double(index), e) : Single(h, s.Single(index - doubles), e);
    }

    /// <summary>The normalised and modulated image tokens in front of the first block.</summary>
    public static Tensor ModulatedInput(Value h, FluxCall s, Evaluation e)
    {
        if (s.Network.Doubles.Count > 0)
        {
            return TwoStreamForward.ModulatedImage(h, s.Double(0), e);
        }

        var at = s.Network.Singles[0].At;
        return s.Network.Norm.Modulated(h.Main, s.Part(at + Shift, e), s.Part(at + Scale, e));
    }

    private static Value Single(Value h, FluxSingleCall s, Evaluation e)
    {
        var joint = h.Joint(TextPlace.Before);
        var text = h.Text!.size(1);
        var input = Value.FromJoint(joint, text, TextPlace.Before);
        var sum = e.IsHooked(s.Sites.GatedFused)
            ? joint.Plus(e.At(s.Sites.GatedFused, input, s, GatedFused).Joint(TextPlace.Before))
            : Gated.Add(joint, Fused(input, s, e).Joint(TextPlace.Before), s.Call.Part(s.Block.At + Gate, e), e.IsHooked(s.Sites.Fused));
        return Value.FromJoint(sum, text, TextPlace.Before);
    }

    private static Value Fused(Value h, FluxSingleCall s, Evaluation e) => e.At(s.Sites.Fused, h, s, FusedBody, FusedInput);

    private static Value GatedFused(Value h, FluxSingleCall s, Evaluation e)
    {
        var fused = Fused(h, s, e).Joint(TextPlace.Before);
        return Value.FromJoint(fused * s.Call.Part(s.Block.At + Gate, e), h.Text!.size(1), TextPlace.Before);
    }

    private static Value FusedInput(Value h, FluxSingleCall s, Evaluation e) => Value.FromJoint(
        s.Call.Network.Norm.Modulated(h.Joint(TextPlace.Before), s.Call.Part(s.Block.At + Shift, e), s.Call.Part(s.Block.At + Scale, e)),
        h.Text!.size(1),
        TextPlace.Before);

    private static Value FusedBody(Value h, FluxSingleCall s, Evaluation e)
    {
        using var hidden = e.IsHooked(s.Sites.Attention) ? Apart(h, s, e) : Together(h, s, e);
        return Value.FromJoint(s.Block.Output.Apply(hidden).InType(s.Call.Network.Residual), h.Text!.size(1), TextPlace.Before);
    }

    /// <summary>[rows, tokens, 5 · width], attention and feed-forward part: what lies in front of both is one product.</summary>
    private static Tensor Together(Value h, FluxSingleCall s, Evaluation e)
    {
        using var scope = NewDisposeScope();
        var product = s.Block.Whole.Apply(h.Joint(TextPlace.Before));
        return cat([Attend(product, h.Text!.size(1), s, e), FeedForward(product, s)], 2).MoveToOuterDisposeScope();
    }

    /// <summary>The same with a strategy at the attention.</summary>
    private static Tensor Apart(Value h, FluxSingleCall s, Evaluation e)
    {
        using var scope = NewDisposeScope();
        using var kept = new KeptProduct(e);
        var attention = e.At(s.Sites.Attention, h, (Call: s, Kept: kept), static (h, s, e) => AttentionBody(h, s.Call, s.Kept, e)).Joint(TextPlace.Before);
        var feedForward = kept.Product is { } product ? FeedForward(product, s) : Gelu.Compute(s.Block.Up.Apply(h.Joint(TextPlace.Before)));
        return cat([attention, feedForward], 2).MoveToOuterDisposeScope();
    }

    private static Value AttentionBody(Value h, FluxSingleCall s, KeptProduct kept, Evaluation e)
    {
        var joint = h.Joint(TextPlace.Before);
        var product = kept.IsFor(e) ? kept.Keep(s.Block.Whole.Apply(joint)) : s.Block.Qkv.Apply(joint);
        return Value.FromJoint(Attend(product, h.Text!.size(1), s, e), h.Text.size(1), TextPlace.Before);
    }

    /// <summary>[rows, tokens, width].</summary>
    private static Tensor Attend(Tensor product, long text, FluxSingleCall s, Evaluation e)
    {
        using var scope = NewDisposeScope();
        var c = s.Call.Network.Config;
        var (query, key, value) = JointHeads.Of(product, c.Heads, c.Width, s.Block.Norms, ..(int)text, s.Call.Turns.For(e));
        return Heads.Join(e.Attend(s.Sites.Attention, new(query, key, value))).MoveToOuterDisposeScope();
    }

    private static Tensor FeedForward(Tensor product, FluxSingleCall s)
    {
        long attention = 3L * s.Call.Network.Config.Width;
        using var part = product.narrow(2, attention, product.size(2) - attention);
        return Gelu.Compute(part);
    }

    /// <summary>
    /// The joint product of a block whose attention a strategy works at: where it lets all of it run, the feed-forward part's share has been computed with it, as without a strategy, to the last bit.
    /// </summary>
    private sealed class KeptProduct(Evaluation outer) : IDisposable
    {
        public Tensor? Product { get; private set; }

        public bool IsFor(Evaluation e) => ReferenceEquals(e, outer);

        public Tensor Keep(Tensor product)
        {
            Product?.Dispose();
            return Product = product.DetachFromDisposeScope();
        }

        public void Dispose() => Product?.Dispose();
    }
}
