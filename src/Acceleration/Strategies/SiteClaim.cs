namespace Acceleration;

/// <summary>A strategy's claim to one phase of the sites a selector picks.</summary>
public sealed record SiteClaim(Where Where, HookPhase Phase);
