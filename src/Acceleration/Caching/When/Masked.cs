namespace Acceleration;

/// <summary>A measured decision that may skip only what one that is known beforehand skips: cache-dit's masks with their dynamic policy, or a schedule found offline with a guard at run time.</summary>
/// <param name="Mask">Which steps may be skipped; all others are computed.</param>
/// <param name="Test">What decides on them.</param>
[Entry("masked", "masked")]
public sealed record Masked(StaticWhen Mask, MeasuredWhen Test) : MeasuredWhen
{
    /// <summary>Which steps may be skipped.</summary>
    [InTag(":")]
    public StaticWhen Mask { get; init; } = Mask;

    /// <summary>What decides on them.</summary>
    [InTag(":")]
    public MeasuredWhen Test { get; init; } = Test;

    /// <inheritdoc/>
    public override IReadOnlyList<Signal> Signals => Test.Signals;

    /// <inheritdoc/>
    public override bool NeedsProbe => Test.NeedsProbe;

    /// <inheritdoc/>
    public override int MostInARow => Test.MostInARow;

    /// <inheritdoc/>
    public override int MostInAll => Test.MostInAll;

    /// <inheritdoc/>
    public override double MostSummed => Test.MostSummed;

    /// <inheritdoc/>
    public override bool SkipsAtLimit => Test.SkipsAtLimit;

    /// <inheritdoc/>
    public override bool ByBranch => Test.ByBranch;

    /// <inheritdoc/>
    public override bool BySite => Test.BySite;

    /// <inheritdoc/>
    public override double Limit(StepInfo step) => Test.Limit(step);

    /// <inheritdoc/>
    public override double Limit(StepInfo step, IReadOnlyList<float> before) => Test.Limit(step, before);

    /// <inheritdoc/>
    public override bool Forces(StepInfo step) => !Mask.Skips(step) || Test.Forces(step);

    /// <inheritdoc/>
    public override IStatistic Measure(RunInfo info, RunStore store) => Test.Measure(info, store);

    /// <inheritdoc/>
    public override string? Refuse(RunInfo info) => Mask.Refuse(info) ?? Test.Refuse(info);

    /// <inheritdoc/>
    public override string? Refuse(RunInfo info, Site site) => Test.Refuse(info, site);
}
