namespace Acceleration;

/// <summary>All blocks but the first and last of a chain, which always run: what the first make of their input tells how far the rest would move.</summary>
/// <param name="Front">Blocks at the front that always run.</param>
/// <param name="Back">Blocks at the rear that always run.</param>
[Entry("middle", "mid")]
public sealed record MiddleBlocks(int Front, int Back = 0) : IRangeRule
{
    /// <summary>Blocks at the front that always run.</summary>
    [InTag]
    [AtLeast(0)]
    public int Front { get; init => field = Require.AtLeast(0, value); } = Require.AtLeast(0, Front, nameof(Front));

    /// <summary>Blocks at the rear that always run.</summary>
    [InTag("b")]
    [AtLeast(0)]
    public int Back { get; init => field = Require.AtLeast(0, value); } = Require.AtLeast(0, Back, nameof(Back));

    /// <inheritdoc/>
    public string Tag => PlanTag.Of(this);

    /// <inheritdoc/>
    public IReadOnlyList<BlockRange> At(StepInfo step, int blocks) => [new(Front, blocks - Back)];

    /// <inheritdoc/>
    public string? Refuse(Site chain) =>
        Front + Back >= chain.Blocks.Count ? $"nothing is left to skip of the {chain.Blocks.Count} blocks of '{chain}' where {Front} at the front and {Back} at the rear always run." : null;
}
