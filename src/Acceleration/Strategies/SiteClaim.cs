namespace Acceleration;

/// <summary>A strategy's claim to one phase of the sites a selector picks.</summary>
public sealed record SiteClaim(Where Where, HookPhase Phase)
{
    /// <summary>Whether it changes rows of a branch, rather than how rows are computed.</summary>
    internal bool IsBranch => Phase is HookPhase.Branch or HookPhase.BranchAttention;
}
