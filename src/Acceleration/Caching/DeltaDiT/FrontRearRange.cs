namespace Acceleration;

/// <summary>A range at the rear of the chain while more than <paramref name="Boundary"/> steps are left, then at its front.</summary>
/// <param name="Blocks">Length of the range, at most the chain's.</param>
/// <param name="Boundary">Steps left, the current one included.</param>
/// <param name="End">Whether to switch at all.</param>
internal sealed record FrontRearRange(int Blocks, int Boundary, CachedEnd End) : IRangeRule
{
    public string Tag => End == CachedEnd.Switch ? $"x{Blocks}b{Boundary}" : End == CachedEnd.Rear ? $"x{Blocks}rear" : $"x{Blocks}front";

    public (int From, int To) At(StepInfo step, int blocks) =>
        IsRear(step) ? (blocks - Blocks, blocks) : (0, Blocks);

    public string? Refuse(Site chain) =>
        Blocks > chain.Blocks.Count ? $"{Blocks} blocks cannot be cached in the chain '{chain}' of {chain.Blocks.Count}." : null;

    private bool IsRear(StepInfo step) => End switch
    {
        CachedEnd.Rear => true,
        CachedEnd.Front => false,
        _ => step.Count - step.Index > Boundary,
    };
}
