using static TorchSharp.torch;

namespace Acceleration;

/// <summary>Blurs the queries of the rows of its branch; how attention is computed does not change.</summary>
internal sealed class SmoothedEnergyRun(SmoothedEnergyGuidance guidance, DenoiserInfo network) : PerturbationRun(guidance, network), IAttentionHook
{
    public Tensor Attend(in SiteCall call, in AttentionInput input, AttentionNext next)
    {
        var own = Own(call.Rows);
        if (own.Length == 0)
        {
            return next.Invoke(input);
        }

        var blurred = Blurred(call, call.Rows.Take(input.Query, own));
        var others = call.Rows.Except(own);
        return next.Invoke(input with { Query = others.Length == 0 ? blurred : call.Rows.Merge(others, call.Rows.Take(input.Query, others), own, blurred).Main });
    }

    /// <summary>[rows, heads, tokens, head_dim] with its image tokens blurred, frame by frame.</summary>
    private Tensor Blurred(in SiteCall call, Tensor query)
    {
        var (layout, tokens) = (call.Layout, query.size(2));
        if (layout is null)
        {
            throw new InvalidOperationException($"{guidance.Tag} blurs over a grid of tokens; at {call.Site} the network states no layout.");
        }

        if (tokens == layout.Tokens)
        {
            return Frames(query, layout.Frames, layout);
        }

        if (tokens == layout.Tokens + layout.TextLength)
        {
            var before = layout.Place == TextPlace.Before ? layout.TextLength : 0;
            var image = Frames(query.narrow(2, before, layout.Tokens), layout.Frames, layout);
            return cat([query.narrow(2, 0, before), image, query.narrow(2, before + layout.Tokens, tokens - before - layout.Tokens)], 2);
        }

        // Frames may be folded into the rows.
        var isReduced = call.Evaluation.Tokens == tokens;
        return tokens == layout.Tokens / layout.Frames ? Frames(query, 1, layout)
            : guidance.IsInfinite && isReduced && layout is { TextLength: 0, SpecialPerFrame: 0 } ? query.mean([2L], keepdim: true).expand_as(query)
            : throw new InvalidOperationException(
                $"{guidance.Tag} blurs over {layout.Frames} × {layout.Height} × {layout.Width} tokens, but {call.Site} has {tokens}: "
                + (isReduced ? $"a strategy that works on fewer tokens leaves no grid. Let it leave out these layers{(layout.SpecialPerFrame == 0 ? ", or blur infinitely" : "")}." : $"the network's layout is of {layout.Tokens}. Tokens that are no patches are stated by {nameof(DenoiserInfo)}.{nameof(DenoiserInfo.SpecialPerFrame)} or {nameof(TokenLayout)}.{nameof(TokenLayout.TextLength)}."));
    }

    /// <summary>Patches are blurred; special tokens stay as they are.</summary>
    private Tensor Frames(Tensor query, long frames, TokenLayout layout)
    {
        if (layout.SpecialPerFrame == 0)
        {
            return OnGrid(query, frames, layout);
        }

        var (patches, special) = ((long)layout.Height * layout.Width, (long)layout.SpecialPerFrame);
        var (first, at) = layout.SpecialPlace == TextPlace.Before ? (special, 0L) : (0L, patches);
        var each = query.reshape(query.size(0), query.size(1), frames, patches + special, query.size(3));
        var blurred = OnGrid(each.narrow(3, first, patches).flatten(2, 3), frames, layout).view(each.size(0), each.size(1), frames, patches, each.size(4));
        return cat(at == 0 ? [each.narrow(3, at, special), blurred] : [blurred, each.narrow(3, at, special)], 3).view(query.shape);
    }

    private Tensor OnGrid(Tensor query, long frames, TokenLayout layout)
    {
        var (height, width) = ((long)layout.Height, (long)layout.Width);
        var grid = query.reshape(query.size(0), query.size(1), frames, height, width, query.size(3));
        return (guidance.IsInfinite ? grid.mean([3L, 4L], keepdim: true).expand_as(grid) : GaussianBlur.Apply(grid, guidance.Sigma)).reshape(query.shape);
    }
}
