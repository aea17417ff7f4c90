namespace Acceleration;

/// <summary>A range of blocks for each part of the trajectory, from a table: each entry holds from its step up to the next one's. Before the first entry nothing is left out.</summary>
/// <param name="Table">Entries, at least one, their steps strictly ascending.</param>
[Entry("rangeSteps", "table")]
public sealed record RangeSteps(IReadOnlyList<RangeStep> Table) : IRangeRule
{
    /// <summary>The entries.</summary>
    [InTag(":")]
    public IReadOnlyList<RangeStep> Table { get; init => field = Ascending(value); } = Ascending(Table);

    /// <inheritdoc/>
    public string Tag => PlanTag.Of(this);

    /// <inheritdoc/>
    public IReadOnlyList<BlockRange> At(StepInfo step, int blocks)
    {
        ArgumentNullException.ThrowIfNull(step);
        return Table.LastOrDefault(t => t.Step <= step.Index) is { Blocks: > 0 } now ? [new(now.First, now.First + now.Blocks)] : [];
    }

    /// <inheritdoc/>
    public string? Refuse(Site chain)
    {
        ArgumentNullException.ThrowIfNull(chain);
        var beyond = Table.FirstOrDefault(t => (long)t.First + t.Blocks > chain.Blocks.Count);
        return beyond is null ? null : $"blocks {beyond.First}..{(long)beyond.First + beyond.Blocks} from step {beyond.Step} on reach beyond the {chain.Blocks.Count} of '{chain}'.";
    }

    private static IReadOnlyList<RangeStep> Ascending(IReadOnlyList<RangeStep> table)
    {
        ArgumentNullException.ThrowIfNull(table);
        return table.Count > 0 && table.Zip(table.Skip(1)).All(p => p.First.Step < p.Second.Step) ? ValueList.Of(table)
            : throw new ArgumentException($"A table has at least one entry, and steps that ascend strictly; got steps [{PlanException.Shorten(string.Join(", ", table.Select(t => t.Step)))}].", nameof(table));
    }
}
