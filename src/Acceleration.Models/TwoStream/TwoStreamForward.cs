using static TorchSharp.torch;

namespace Acceleration.Models;

/// <summary>The forward pass of a block of two streams: each stream adds gate·attention to both, then gate·feed-forward of itself.</summary>
internal static class TwoStreamForward
{
    // Parts of a stream's modulation; scales have their 1 added when the weights are loaded.
    private const int AttentionShift = 0;
    private const int AttentionScale = 1;
    private const int AttentionGate = 2;
    private const int FeedForwardShift = 3;
    private const int FeedForwardScale = 4;
    private const int FeedForwardGate = 5;
    private const int SecondShift = 6;
    private const int SecondScale = 7;
    private const int SecondGate = 8;

    // Where the text ends, its scale comes first.
    private const int LastScale = 0;
    private const int LastShift = 1;

    public static Value Block(Value h, TwoStreamCall s, Evaluation e)
    {
        var (attention, gatedAttention, feedForward, gatedFeedForward, _, gatedSecond) = s.Sites;
        var middle = e.IsHooked(gatedAttention)
            ? Sum(h, e.At(gatedAttention, h, s, GatedAttention), s)
            : Add(h, Attention(h, s, e), s, AttentionGate, e, e.IsHooked(attention));
        if (s.Sites.Second is { } second)
        {
            var first = middle.Main;
            middle = middle with
            {
                Main = e.IsHooked(gatedSecond!)
                    ? first.Plus(e.At(gatedSecond!, h.Main, s, GatedSecond).Main)
                    : Gated.Add(first, Second(h.Main, s, e), s.Image(SecondGate, e), e.IsHooked(second)),
            };
            first.Dispose();
        }

        // The feed-forward part is of no use to a text that ends here.
        var input = s.Block.TextEnds ? middle.Main : middle;
        var result = e.IsHooked(gatedFeedForward)
            ? Sum(input, e.At(gatedFeedForward, input, s, GatedFeedForward), s)
            : Add(input, FeedForward(input, s, e), s, FeedForwardGate, e, e.IsHooked(feedForward));
        middle.Main.Dispose();
        if (s.Block.TextEnds)
        {
            return new(result.Main, h.Text);
        }

        middle.Text!.Dispose();
        return result;
    }

    /// <summary>The normalised and modulated image tokens in front of a block's attention.</summary>
    public static Tensor ModulatedImage(Value h, TwoStreamCall s, Evaluation e) =>
        s.Norm.Modulated(h.Main, s.Image(AttentionShift, e), s.Image(AttentionScale, e));

    private static Value ModulatedInput(Value h, TwoStreamCall s, Evaluation e) => new(
        ModulatedImage(h, s, e),
        s.Norm.Modulated(h.Text!, s.Text(s.Block.TextEnds ? LastShift : AttentionShift, e), s.Text(s.Block.TextEnds ? LastScale : AttentionScale, e)));

    private static Value SecondInput(Value h, TwoStreamCall s, Evaluation e) => s.Norm.Modulated(h.Main, s.Image(SecondShift, e), s.Image(SecondScale, e));

    private static Value FeedForwardInput(Value h, TwoStreamCall s, Evaluation e) => new(
        s.Norm.Modulated(h.Main, s.Image(FeedForwardShift, e), s.Image(FeedForwardScale, e)),
        h.Text is null ? null : s.Norm.Modulated(h.Text, s.Text(FeedForwardShift, e), s.Text(FeedForwardScale, e)));

    private static Value GatedAttention(Value h, TwoStreamCall s, Evaluation e) => Times(Attention(h, s, e), s, AttentionGate, e);

    private static Value GatedSecond(Value h, TwoStreamCall s, Evaluation e) => Second(h.Main, s, e) * s.Image(SecondGate, e);

    private static Value GatedFeedForward(Value h, TwoStreamCall s, Evaluation e) => Times(FeedForward(h, s, e), s, FeedForwardGate, e);

    private static Value Attention(Value h, TwoStreamCall s, Evaluation e) => e.At(s.Sites.Attention, h, s, AttentionBody, ModulatedInput);

    private static Tensor Second(Tensor h, TwoStreamCall s, Evaluation e) => e.At(s.Sites.Second!, h, s, SecondBody, SecondInput).Main;

    private static Value FeedForward(Value h, TwoStreamCall s, Evaluation e) => e.At(s.Sites.FeedForward, h, s, FeedForwardBody, FeedForwardInput);

    private static Value AttentionBody(Value h, TwoStreamCall s, Evaluation e)
    {
        using var scope = NewDisposeScope();
        long image = h.Main.size(1), text = h.Text!.size(1);
        var joined = Attend(h, s, e);
        var main = s.Block.Image.Projection!.Apply(joined.narrow(1, s.Place == TextPlace.Before ? text : 0, image)).InType(s.Residual);

        // Nothing is added to a text that ends here.
        var other = s.Block.Text.Projection is { } projection
            ? projection.Apply(joined.narrow(1, s.Place == TextPlace.Before ? 0 : image, text)).InType(s.Residual)
            : zeros([1], s.Residual, h.Text.device).expand(h.Text.shape);
        return new(main.MoveToOuterDisposeScope(), other.MoveToOuterDisposeScope());
    }

    /// <summary>[rows, text and image tokens, width]; queries, keys and values are gone when the projections begin.</summary>
    private static Tensor Attend(Value h, TwoStreamCall s, Evaluation e)
    {
        using var scope = NewDisposeScope();
        var (image, text) = (s.Block.Image.Qkv.Apply(h.Main), s.Block.Text.Qkv.Apply(h.Text!));
        var before = s.Place == TextPlace.Before;
        var joint = cat(before ? [text, image] : [image, text], 1);
        var length = (int)text.size(1);
        image.Dispose();
        text.Dispose();
        var (query, key, value) = JointHeads.Of(joint, s.Heads, (int)joint.size(2) / 3, s.Block.Norms, before ? ..length : ^length.., s.Turns?.For(e));
        return Heads.Join(e.Attend(s.Sites.Attention, new(query, key, value))).MoveToOuterDisposeScope();
    }

    private static Value SecondBody(Value h, TwoStreamCall s, Evaluation e)
    {
        using var scope = NewDisposeScope();
        var second = s.Block.Second!;
        if (e.IsHooked(s.Sites.Second!) && e.Layout is { } layout)
        {
            // There is no text among these tokens.
            e.Layout = layout with { TextLength = 0, ValidText = 0 };
        }

        var joint = second.Qkv.Apply(h.Main);
        var (query, key, value) = JointHeads.Of(joint, s.Heads, (int)joint.size(2) / 3, second.Norms, ..0, null);
        return second.Projection.Apply(Heads.Join(e.Attend(s.Sites.Second!, new(query, key, value)))).InType(s.Residual).MoveToOuterDisposeScope();
    }

    private static Value FeedForwardBody(Value h, TwoStreamCall s, Evaluation e) => new(
        FeedForward(h.Main, s.Block.Image, s.Residual),
        h.Text is null ? null : FeedForward(h.Text, s.Block.Text, s.Residual));

    private static Tensor FeedForward(Tensor h, StreamLayers layers, ScalarType residual)
    {
        using var scope = NewDisposeScope();
        using var active = layers.Up!.ApplyGelu(h);
        return layers.Down!.Apply(active).InType(residual).MoveToOuterDisposeScope();
    }

    private static Value Times(Value y, TwoStreamCall s, int gate, Evaluation e) =>
        new(y.Main * s.Image(gate, e), y.Text is null || s.Block.TextEnds ? y.Text : y.Text * s.Text(gate, e));

    private static Value Sum(Value x, Value y, TwoStreamCall s) => new(x.Main.Plus(y.Main), x.Text is null || s.Block.TextEnds ? x.Text : x.Text.Plus(y.Text!));

    private static Value Add(Value x, Value y, TwoStreamCall s, int gate, Evaluation e, bool seen) => new(
        Gated.Add(x.Main, y.Main, s.Image(gate, e), seen),
        x.Text is null || s.Block.TextEnds ? x.Text : Gated.Add(x.Text, y.Text!, s.Text(gate, e), seen));
}
