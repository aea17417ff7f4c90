namespace Acceleration;

/// <summary>
/// Blocks that are never run, as in EfficientVLA (Yang et al., 2025, arXiv 2506.10100), which leaves the least important layers of its language model out for good: <see cref="LayerImportance"/> ranks them. Nothing stands in for what they would have
/// added, so that a denoiser's pictures suffer much; a cache that leaves the same blocks out between full steps is <see cref="Cached"/> at the chain with <see cref="ListedBlocks"/>.
/// </summary>
/// <param name="Blocks">Numbers of the blocks in their chain, 0-based, strictly ascending; none prunes nothing.</param>
[Entry("layerPruning", "LP")]
public sealed record LayerPruning(IReadOnlyList<int> Blocks) : IStrategy
{
    /// <summary>Numbers of the blocks in their chain.</summary>
    [InTag("b")]
    public IReadOnlyList<int> Blocks { get; init => field = Checked(value); } = Checked(Blocks);

    /// <inheritdoc/>
    public string Tag => PlanTag.Of(this);

    /// <inheritdoc/>
    public Requirements Needs => new()
    {
        Sites = Blocks.Count == 0 ? [] : [new(Pruned, HookPhase.Cache)],
        Refuse = info => Blocks.Count == 0 ? null : Missing(info) ?? info.Network.Sites.All.Where(Pruned.Matches).Select(LayerSkip.Refuse).FirstOrDefault(r => r is not null),
    };

    private Where Pruned => Where.Blocks.OnlyBlocks(Blocks);

    /// <inheritdoc/>
    public IRun Begin(RunInfo info, RunStore store) => new LayerPruningRun();

    private static IReadOnlyList<int> Checked(IReadOnlyList<int> blocks)
    {
        ArgumentNullException.ThrowIfNull(blocks);
        return blocks.Count == 0 ? ValueList.Of(blocks) : ListedBlocks.Ascending(blocks);
    }

    private string? Missing(RunInfo info)
    {
        var known = info.Network.Sites.All.Where(Where.Blocks.Matches).Select(s => s.Block).ToHashSet();
        return Blocks.Where(b => !known.Contains(b)).Select(b => $"{info.Network.Name} has no block {b} in a chain.").FirstOrDefault();
    }
}
