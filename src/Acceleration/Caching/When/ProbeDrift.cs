namespace Acceleration;

/// <summary>
/// DiCache's decision (Bu et al., 2025, arXiv 2508.17356): how far the output of the first blocks moved since the step before, added up while steps are skipped. These blocks run in each step, and their work is never wasted.
/// </summary>
/// <param name="Threshold">τ, at least 0; 0 never skips.</param>
/// <param name="Warmup">ρ: share of the steps that are computed at the start, 0..1.</param>
/// <param name="Tail">Computed steps at the end.</param>
[Entry("probeDrift", "probe")]
public sealed record ProbeDrift(double Threshold, double Warmup = 0.2, int Tail = 0) : MeasuredWhen
{
    /// <summary>τ.</summary>
    [InTag]
    [AtLeast(0)]
    public double Threshold { get; init => field = Require.AtLeast(0.0, value); } = Require.AtLeast(0.0, Threshold, nameof(Threshold));

    /// <summary>ρ: share of the steps that are computed at the start.</summary>
    [InTag("w")]
    [Within(0.0, 1.0)]
    public double Warmup { get; init => field = Require.Within(0.0, 1.0, value); } = Require.Within(0.0, 1.0, Warmup, nameof(Warmup));

    /// <summary>Computed steps at the end.</summary>
    [InTag("t")]
    [AtLeast(0)]
    public int Tail { get; init => field = Require.AtLeast(0, value); } = Require.AtLeast(0, Tail, nameof(Tail));

    /// <summary>Whether the change of the input is taken off that of the probe.</summary>
    [InTag("d")]
    public bool Difference { get; init; }

    /// <inheritdoc/>
    public override bool NeedsProbe => true;

    /// <inheritdoc/>
    public override double Limit(StepInfo step) => Threshold;

    /// <inheritdoc/>
    public override bool Forces(StepInfo step) => step.Index < Warmup * step.Count || step.Index >= step.Count - Tail;

    /// <inheritdoc/>
    public override IStatistic Measure(RunInfo info, RunStore store) => new ProbeStatistic(this, store);
}
