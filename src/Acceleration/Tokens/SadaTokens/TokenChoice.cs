using static TorchSharp.torch;

namespace Acceleration;

/// <summary>
/// The tokens that blocks run on: one of each cell, drawn once in a step, and those with the largest scores. As many for every sample, so that a sample comes out in a batch as alone and nothing is read back.
/// </summary>
internal sealed class TokenChoice(SadaTokens tokens, RunStore store, StoreKey scores)
{
    private readonly Dictionary<TokenLayout, bool[]> _cells = [];
    private StepInfo? _step;

    public void Begin(StepInfo step)
    {
        _step = step;
        _cells.Clear();
    }

    public bool Knows(RowId sample) => store.Depth(scores, sample) > 0;

    /// <summary>The tokens of a grid for each row; null where that is all of them, or the grid is too coarse.</summary>
    public TokenSelection? Of(RowSet rows, TokenLayout layout, Device device)
    {
        var samples = new RowSet([.. rows.Select(r => r.Sample).Distinct().Select(s => new RowId(s, Branch.Guided))]);
        var score = store.Get(scores, samples).Value;
        var side = Math.Max(Times(score.size(-2), layout.Height), Times(score.size(-1), layout.Width));
        if (side > tokens.MaxDownsample || (score.ndim == 3 ? 1 : score.size(1)) < layout.Frames)
        {
            return null;
        }

        var cells = Cells(layout);
        var count = Math.Min(layout.Patches, cells.Count(c => c) + (long)tokens.Most);
        if (count == layout.Patches)
        {
            return null;
        }

        using var scope = NewDisposeScope();
        using var chosen = tensor(cells, device: device);
        var (_, first) = OfTokens(score, layout).With(chosen.unsqueeze(0), double.PositiveInfinity).topk((int)count, 1);
        var (index, _) = (layout.SpecialPerFrame == 0 ? first : WithSpecial(first, layout)).sort(1);
        using var places = tensor(rows.Select(r => (long)samples.IndexOf(new(r.Sample, Branch.Guided))).ToArray(), device: device);
        return new(layout.Tokens, index.index_select(0, places).MoveToOuterDisposeScope());
    }

    /// <summary>
    /// Scores of tokens that stand for several latents: the mean of those above 0, unstable ones, so that very stable neighbours do not hide them; of tokens without any, the mean, which lies below. The published code likewise asks for the share of unstable latents in a token.
    /// </summary>
    private static Tensor OfTokens(Tensor score, TokenLayout layout)
    {
        var mean = Pooled(score, layout);
        if (mean.size(1) == score.flatten(1).size(1))
        {
            return mean;
        }

        var unstable = Pooled(score.relu(), layout);
        return where(unstable.EqualTo(0.0), mean, unstable);
    }

    /// <summary>Chosen patches as tokens, and the special ones, which are always computed.</summary>
    private static Tensor WithSpecial(Tensor patches, TokenLayout layout)
    {
        var places = PatchPlaces.Of(layout, patches.device);
        return cat([places.InStream(patches), places.Special.expand(patches.size(0), places.Special.size(0))], 1);
    }

    private static Tensor Pooled(Tensor score, TokenLayout layout) => (score.ndim == 3
        ? nn.functional.adaptive_avg_pool2d(score.unsqueeze(1), [layout.Height, layout.Width])
        : nn.functional.adaptive_avg_pool3d(score.unsqueeze(1), [layout.Frames, layout.Height, layout.Width])).flatten(1);

    /// <summary>How many latents a token stands for along a side: odd sides are halved up or down.</summary>
    private static long Times(long latents, int tokens) => ((2 * latents) + Math.Max(1, tokens) - 1) / (2 * Math.Max(1, tokens));

    private bool[] Cells(TokenLayout layout)
    {
        if (!_cells.TryGetValue(layout, out var chosen))
        {
            var random = new Random(unchecked((((tokens.Seed * 31) + _step!.Stage) * 1_000_003) + _step.Index) & int.MaxValue);
            chosen = new bool[layout.Patches];
            for (var frame = 0; frame < layout.Frames; frame++)
            {
                for (var y = 0; y + tokens.CellY <= layout.Height; y += tokens.CellY)
                {
                    for (var x = 0; x + tokens.CellX <= layout.Width; x += tokens.CellX)
                    {
                        var (down, right) = Math.DivRem(random.Next(tokens.CellX * tokens.CellY), tokens.CellX);
                        chosen[(((frame * layout.Height) + y + down) * layout.Width) + x + right] = true;
                    }
                }
            }

            _cells[layout] = chosen;
        }

        return chosen;
    }
}
