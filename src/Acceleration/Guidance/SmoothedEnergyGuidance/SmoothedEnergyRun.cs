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
        if (layout is not { SpecialPerFrame: 0 })
        {
            throw new InvalidOperationException($"{guidance.Tag} blurs over a grid of tokens; at {call.Site} {(layout is null ? "the network states no layout" : "frames have tokens that lie on no grid")}.");
        }

        if (tokens == layout.Tokens)
        {
            return OnGrid(query, layout.Frames, layout);
        }

        if (tokens == layout.Tokens + layout.TextLength)
        {
            var before = layout.Place == TextPlace.Before ? layout.TextLength : 0;
            var image = OnGrid(query.narrow(2, before, layout.Tokens), layout.Frames, layout);
            return cat([query.narrow(2, 0, before), image, query.narrow(2, before + layout.Tokens, tokens - before - layout.Tokens)], 2);
        }

        // Frames may be folded into the rows.
        var perFrame = (long)layout.Height * layout.Width;
        return tokens == perFrame ? OnGrid(query, 1, layout)
            : guidance.IsInfinite && layout.TextLength == 0 ? query.mean([2L], keepdim: true).expand_as(query)
            : throw new InvalidOperationException(
                $"{guidance.Tag} blurs over {layout.Frames} × {layout.Height} × {layout.Width} tokens, but {call.Site} has {tokens}: a strategy that works on fewer tokens leaves no grid. Let it leave out these layers, or blur infinitely.");
    }

    private Tensor OnGrid(Tensor query, long frames, TokenLayout layout)
    {
        var (height, width) = ((long)layout.Height, (long)layout.Width);
        var grid = query.reshape(query.size(0), query.size(1), frames, height, width, query.size(3));
        return (guidance.IsInfinite ? grid.mean([3L, 4L], keepdim: true).expand_as(grid) : GaussianBlur.Apply(grid, guidance.Sigma)).reshape(query.shape);
    }
}
