namespace Acceleration;

/// <summary>
/// Step AG (2025, arXiv 2506.08351): guidance in the first part of the steps alone, for which its authors found no measured rule that holds across networks. A name for <see cref="StepShare"/> from 0.
/// </summary>
/// <param name="Share">Guided part of the steps, 0..1. The default spares a quarter of the evaluations, the middle of the published 20 to 30 %: our choice.</param>
[Entry("stepAG", "StepAG")]
public sealed record StepAG(double Share = 0.5) : IStrategy
{
    /// <summary>Guided part of the steps.</summary>
    [InTag(Always = true)]
    [Within(0, 1)]
    public double Share { get; init => field = Require.Within(0.0, 1.0, value); } = Require.Within(0.0, 1.0, Share, nameof(Share));

    /// <inheritdoc/>
    public string Tag => PlanTag.Of(this);

    /// <inheritdoc/>
    public Requirements Needs => GuidanceInterval.NeedsOf(Steps);

    private StepShare Steps => new(0, Share);

    /// <inheritdoc/>
    public IRun Begin(RunInfo info, RunStore store) => new GuidanceIntervalRun(Steps);
}
