using static TorchSharp.torch;

namespace Acceleration;

/// <summary>Grouped attention with class, register or time tokens: they see every token and are seen by all, as a text is.</summary>
internal static class SpecialTokens
{
    /// <summary>Runs <see cref="GroupedAttention.Compute"/> on a layout whose text begins with the special tokens.</summary>
    public static Tensor AsText(in AttentionInput input, TokenLayout layout, GroupedPlan plan)
    {
        var special = layout.Frames * layout.SpecialPerFrame;
        var asText = layout with { SpecialPerFrame = 0, TextLength = special + layout.TextLength, ValidText = special + layout.ValidText };
        if (layout is { Frames: 1, TextLength: 0 })
        {
            // They lie together as they are.
            return GroupedAttention.Compute(input, asText with { Place = layout.SpecialPlace }, plan);
        }

        using var scope = NewDisposeScope();
        var order = Order(layout);
        using var to = tensor(order, ScalarType.Int64, input.Query.device);
        using var back = tensor(Inverse(order), ScalarType.Int64, input.Query.device);
        var moved = input with { Query = input.Query.index_select(2, to), Key = input.Key.index_select(2, to), Value = input.Value.index_select(2, to) };
        return GroupedAttention.Compute(moved, asText with { Place = TextPlace.Before }, plan).transpose(1, 2).index_select(1, back).transpose(1, 2).MoveToOuterDisposeScope();
    }

    /// <summary>Special tokens, then the text, then the patches.</summary>
    private static long[] Order(TokenLayout layout)
    {
        var (image, text) = layout.Place == TextPlace.Before ? (layout.TextLength, 0L) : (0L, layout.Tokens);
        return
        [
            .. PatchPlaces.Positions(layout, special: true).Select(t => image + t),
            .. Enumerable.Range(0, layout.TextLength).Select(t => text + t),
            .. PatchPlaces.Positions(layout, special: false).Select(t => image + t),
        ];
    }

    private static long[] Inverse(long[] order)
    {
        var inverse = new long[order.Length];
        for (var i = 0; i < order.Length; i++)
        {
            inverse[order[i]] = i;
        }

        return inverse;
    }
}
