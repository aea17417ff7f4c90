namespace Acceleration;

/// <summary>The whole chain.</summary>
[Entry("allBlocks", "all")]
public sealed class AllBlocks : IRangeRule
{
    private AllBlocks()
    {
    }

    /// <summary>The rule.</summary>
    public static AllBlocks Instance { get; } = new();

    /// <inheritdoc/>
    public string Tag => PlanTag.Of(this);

    /// <inheritdoc/>
    public IReadOnlyList<BlockRange> At(StepInfo step, int blocks) => [new(0, blocks)];

    /// <inheritdoc/>
    public string? Refuse(Site chain) => null;
}
