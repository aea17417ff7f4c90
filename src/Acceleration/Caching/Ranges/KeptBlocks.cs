namespace Acceleration;

/// <summary>All blocks but some that are spread over the whole depth, so that what is left out lies in several short runs between blocks that run (<see cref="KeptPattern"/>).</summary>
/// <param name="Kept">K: blocks that run, the first and the last among them, at least 2.</param>
[Entry("keptBlocks", "kept")]
public sealed record KeptBlocks(int Kept) : IRangeRule
{
    /// <summary>K: blocks that run.</summary>
    [InTag]
    [AtLeast(2)]
    public int Kept { get; init => field = Require.AtLeast(2, value); } = Require.AtLeast(2, Kept, nameof(Kept));

    /// <inheritdoc/>
    public string Tag => PlanTag.Of(this);

    /// <inheritdoc/>
    public IReadOnlyList<BlockRange> At(StepInfo step, int blocks) => [.. KeptPattern.Skipped(KeptPattern.Even(blocks, Kept), blocks).Select(r => new BlockRange(r.From, r.To))];

    /// <inheritdoc/>
    public string? Refuse(Site chain) => Kept > chain.Blocks.Count ? $"{Kept} blocks cannot be kept of the {chain.Blocks.Count} of '{chain}'." : null;
}
