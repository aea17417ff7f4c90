namespace Acceleration;

/// <summary>Some blocks by their numbers, for example the least important ones (<see cref="LayerImportance.Least"/>): neighbours are left out together, all others run.</summary>
/// <param name="Blocks">Numbers of the blocks that are left out, 0-based, strictly ascending, at least one.</param>
[Entry("listedBlocks", "list")]
public sealed record ListedBlocks(IReadOnlyList<int> Blocks) : IRangeRule
{
    /// <summary>Numbers of the blocks that are left out.</summary>
    [InTag]
    [Ordered]
    public IReadOnlyList<int> Blocks { get; init => field = Ascending(value); } = Ascending(Blocks);

    /// <inheritdoc/>
    public string Tag => PlanTag.Of(this);

    /// <inheritdoc/>
    public IReadOnlyList<BlockRange> At(StepInfo step, int blocks)
    {
        List<BlockRange> ranges = [];
        foreach (var block in Blocks)
        {
            if (ranges.Count > 0 && ranges[^1].To == block)
            {
                ranges[^1] = ranges[^1] with { To = block + 1 };
            }
            else
            {
                ranges.Add(new(block, block + 1));
            }
        }

        return ranges;
    }

    /// <inheritdoc/>
    public string? Refuse(Site chain)
    {
        ArgumentNullException.ThrowIfNull(chain);
        return Blocks[^1] >= chain.Blocks.Count ? $"there is no block {Blocks[^1]} in the chain '{chain}' of {chain.Blocks.Count}." : null;
    }

    /// <summary>Blocks, strictly ascending, at least one.</summary>
    internal static IReadOnlyList<int> Ascending(IReadOnlyList<int> blocks)
    {
        ArgumentNullException.ThrowIfNull(blocks);
        return blocks.Count > 0 && blocks[0] >= 0 && blocks.Zip(blocks.Skip(1)).All(p => p.First < p.Second) ? ValueList.Of(blocks)
            : throw new ArgumentException($"Blocks are numbers from 0 on that ascend strictly, at least one; got [{PlanException.Shorten(string.Join(", ", blocks))}].", nameof(blocks));
    }
}
