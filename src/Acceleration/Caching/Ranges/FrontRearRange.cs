namespace Acceleration;

/// <summary>A range at the rear of the chain while more than <paramref name="Boundary"/> steps are left, then at its front.</summary>
/// <param name="Blocks">Length of the range, at most the chain's.</param>
/// <param name="Boundary">Steps left, the current one included.</param>
/// <param name="End">Whether to switch at all.</param>
[Entry("frontRear", "ends")]
public sealed record FrontRearRange(int Blocks, int Boundary = 0, CachedEnd End = CachedEnd.Switch) : IRangeRule
{
    /// <summary>Length of the range.</summary>
    [InTag]
    [AtLeast(0)]
    public int Blocks { get; init => field = Require.AtLeast(0, value); } = Require.AtLeast(0, Blocks, nameof(Blocks));

    /// <summary>Steps left at which the range moves to the front.</summary>
    [InTag("b")]
    [AtLeast(0)]
    public int Boundary { get; init => field = Require.AtLeast(0, value); } = Require.AtLeast(0, Boundary, nameof(Boundary));

    /// <summary>Whether to switch at all.</summary>
    [InTag]
    public CachedEnd End { get; init; } = End;

    /// <inheritdoc/>
    public string Tag => PlanTag.Of(this);

    /// <inheritdoc/>
    public IReadOnlyList<BlockRange> At(StepInfo step, int blocks) =>
        Blocks == 0 ? [] : IsRear(step) ? [new(blocks - Blocks, blocks)] : [new(0, Blocks)];

    /// <inheritdoc/>
    public string? Refuse(Site chain) =>
        Blocks > chain.Blocks.Count ? $"{Blocks} blocks cannot be cached in the chain '{chain}' of {chain.Blocks.Count}." : null;

    private bool IsRear(StepInfo step) => End switch
    {
        CachedEnd.Rear => true,
        CachedEnd.Front => false,
        _ => step.Count - step.Index > Boundary,
    };
}
