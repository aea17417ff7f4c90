namespace Acceleration;

/// <summary>A strategy's claim to one phase of the sites a selector picks.</summary>
public sealed record SiteClaim(Where Where, HookPhase Phase)
{
    /// <summary>Whether a network without such sites will do: what the strategy does there it can do elsewhere.</summary>
    public bool IsOptional { get; init; }

    /// <summary>Whether it changes rows of a branch, rather than how rows are computed.</summary>
    internal bool IsBranch => Phase is HookPhase.Branch or HookPhase.BranchAttention;
}
