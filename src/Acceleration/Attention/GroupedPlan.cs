namespace Acceleration;

/// <summary>A pattern on a grid, made once and used in every block and step.</summary>
public sealed class GroupedPlan
{
    private readonly long _largestStrip;

    /// <param name="pattern">Which keys each query sees.</param>
    /// <param name="grid">The token grid.</param>
    public GroupedPlan(IAttentionPattern pattern, TokenGrid grid)
    {
        ArgumentNullException.ThrowIfNull(pattern);
        (Grid, Parts) = (grid, pattern.Parts(grid));
        Pairs = Parts.Sum(p => p.Sum(s => s.Pairs));
        _largestStrip = Parts.Max(p => p.Max(s => s.IsWhole(grid) && !Wraps(s) ? 0 : s.Breadth * Reach(s)));
    }

    /// <summary>The token grid.</summary>
    public TokenGrid Grid { get; }

    /// <summary>Parts with disjoint keys.</summary>
    public IReadOnlyList<IReadOnlyList<KeyStrip>> Parts { get; }

    /// <summary>Pairs of query and key that are computed for each head.</summary>
    public double Pairs { get; }

    /// <summary>Share of all pairs that is computed.</summary>
    public double Density => Pairs / ((double)Grid.Tokens * Grid.Tokens);

    /// <summary>Leading positions that are laid out of a strip; more than the grid has where a run goes on from the beginning.</summary>
    internal long Reach(KeyStrip strip) => Math.Max(Grid.Leading, strip.Tiles.Max(t => t.Keys.To));

    internal bool Wraps(KeyStrip strip) => Reach(strip) > Grid.Leading;

    /// <summary>Rows and heads at a time so that a strip's keys and values stay within so many bytes.</summary>
    internal (long Rows, long Heads) Slab(in AttentionShape shape, long bytes)
    {
        var perHead = Math.Max(1, 2 * _largestStrip * shape.HeadDim * BytesOf(shape.Type));
        var affordable = Math.Max(1, bytes / perHead);
        return affordable >= shape.Heads
            ? (Math.Clamp(affordable / shape.Heads, 1, Math.Max(1, shape.Rows)), shape.Heads)
            : (1, affordable);
    }

    private static long BytesOf(TorchSharp.torch.ScalarType type) => type switch
    {
        TorchSharp.torch.ScalarType.Float64 => 8,
        TorchSharp.torch.ScalarType.Float32 => 4,
        _ => 2,
    };
}
