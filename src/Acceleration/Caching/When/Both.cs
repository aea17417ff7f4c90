namespace Acceleration;

/// <summary>Skips where two decisions skip.</summary>
/// <param name="First">One, known before the run.</param>
/// <param name="Second">The other.</param>
[Entry("both", "both")]
public sealed record Both(StaticWhen First, StaticWhen Second) : StaticWhen
{
    /// <summary>One decision.</summary>
    [InTag(":")]
    public StaticWhen First { get; init; } = First;

    /// <summary>The other decision.</summary>
    [InTag(":")]
    public StaticWhen Second { get; init; } = Second;

    /// <inheritdoc/>
    public override bool Skips(StepInfo step) => First.Skips(step) && Second.Skips(step);

    /// <inheritdoc/>
    public override bool Skips(StepInfo step, Site site) => First.Skips(step, site) && Second.Skips(step, site);

    /// <inheritdoc/>
    public override string? Refuse(RunInfo info) => First.Refuse(info) ?? Second.Refuse(info);
}
