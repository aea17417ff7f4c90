namespace Acceleration;

/// <summary>A place in a network where a strategy may compute, reuse, forecast, reduce or slice.</summary>
/// <param name="Index">Position in <see cref="SiteMap.All"/>: the key of everything remembered here.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Path">Readable name, for example <c>blocks.3.attention</c>.</param>
/// <param name="Traits">What may be assumed about it.</param>
/// <param name="Cost">Multiply-adds of one row, in the layout where it is raised; where dimension 0 of its input is rows × frames, of one of these.</param>
public sealed record Site(int Index, SiteKind Kind, string Path, SiteTraits Traits, CostModel Cost)
{
    /// <summary>The blocks of a chain, in order; empty for other kinds.</summary>
    public IReadOnlyList<Site> Blocks { get; internal init; } = [];

    /// <summary>Number of the block it is, or lies in, within its chain or its <see cref="SiteMap.AddBlocks"/>; null for others.</summary>
    public int? Block { get; internal init; }

    /// <summary>The block in which it lies, by its path; null for none.</summary>
    internal Site? Within { get; init; }

    /// <summary>The branch that it is a part of, where a network raises both: attention within a fused attention and feed-forward part. Null for none.</summary>
    public Site? Inside { get; internal init; }

    /// <summary>Cuts outside of this one where it is a cut: 0 for the outermost; null for other kinds.</summary>
    public int? Depth { get; internal init; }

    /// <summary>Part of the network's tokens among which it is raised: 0.25 behind a halving of both sides. A call finds its tokens in the layout there; this is for what is told without a call.</summary>
    public double Share { get; internal init; } = 1;

    /// <summary>Whether its output is added to a residual stream, so that skipping it adds nothing.</summary>
    public bool IsBranch => Kind is SiteKind.SelfAttention or SiteKind.CrossAttention or SiteKind.TemporalAttention or SiteKind.FeedForward;

    /// <inheritdoc/>
    public override string ToString() => Path;
}
