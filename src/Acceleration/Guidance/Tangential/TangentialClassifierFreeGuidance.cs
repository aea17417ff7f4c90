namespace Acceleration;

/// <summary>
/// TCFG (tangential damping, 2025, arXiv 2503.18137): of the unconditional output only the part along the direction that it and the condition's have in common is kept, u' = ⟨u, v⟩·v with the leading right-singular
/// vector v of [c; u]; then g = u' + s·(c − u').
/// </summary>
/// <param name="Scale">Guidance scale s; within 1e-9 of 1 the condition alone is evaluated.</param>
[Entry("tcfg", "TCFG")]
public sealed record TangentialClassifierFreeGuidance(double Scale) : IStrategy
{
    /// <summary>Guidance scale s; 1 evaluates the condition alone.</summary>
    [InTag]
    public double Scale { get; init => field = Require.Finite(value); } = Require.Finite(Scale, nameof(Scale));

    /// <summary>Where the sum starts: the same up to rounding.</summary>
    [InTag("from")]
    public GuidanceBase Base { get; init; }

    /// <inheritdoc/>
    public string Tag => PlanTag.Of(this);

    /// <inheritdoc/>
    public Requirements Needs => PairNeeds.Of(Scale);

    /// <inheritdoc/>
    public IRun Begin(RunInfo info, RunStore store) => new TangentialRun(this, info.Network);
}
