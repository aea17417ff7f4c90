namespace Acceleration;

/// <summary>
/// The step decision of PreciseCache (2026, arXiv 2603.00976), reconstructed: how far the low frequencies of the output moved between the last two computed steps, per step and relative, added up while steps are skipped. Structure lies in the
/// low frequencies; the high ones move in every step and would forbid skipping.
/// </summary>
/// <param name="Threshold">τ, at least 0; 0 never skips.</param>
/// <param name="Scale">Side of the squares of latents that are averaged, at least 1; 1 takes the output as it is.</param>
/// <param name="Warmup">Steps computed at the start.</param>
/// <param name="Tail">Steps computed at the end.</param>
[Entry("lowFrequencyDrift", "low")]
public sealed record LowFrequencyDrift(double Threshold, int Scale = 4, int Warmup = 3, int Tail = 1) : MeasuredWhen
{
    /// <summary>τ.</summary>
    [InTag]
    [AtLeast(0)]
    public double Threshold { get; init => field = Require.AtLeast(0.0, value); } = Require.AtLeast(0.0, Threshold, nameof(Threshold));

    /// <summary>Side of the squares of latents that are averaged.</summary>
    [InTag("x")]
    [AtLeast(1)]
    public int Scale { get; init => field = Require.AtLeast(1, value); } = Require.AtLeast(1, Scale, nameof(Scale));

    /// <summary>Steps computed at the start.</summary>
    [InTag("w")]
    [AtLeast(0)]
    public int Warmup { get; init => field = Require.AtLeast(0, value); } = Require.AtLeast(0, Warmup, nameof(Warmup));

    /// <summary>Steps computed at the end.</summary>
    [InTag("t")]
    [AtLeast(0)]
    public int Tail { get; init => field = Require.AtLeast(0, value); } = Require.AtLeast(0, Tail, nameof(Tail));

    /// <summary>Most skipped steps in a row; 0 for no bound.</summary>
    [InTag("m")]
    [AtLeast(0)]
    public int MaxSkip { get; init => field = Require.AtLeast(0, value); }

    /// <inheritdoc/>
    public override int MostInARow => MaxSkip;

    /// <inheritdoc/>
    public override double Limit(StepInfo step) => Threshold;

    /// <inheritdoc/>
    public override bool Forces(StepInfo step) => step.Index < Warmup || step.Index >= step.Count - Tail;

    /// <inheritdoc/>
    public override string? Refuse(RunInfo info, Site site) =>
        site.Kind is SiteKind.Prediction or SiteKind.Network ? null : $"low frequencies are those of latents, which '{site}' does not make; place it at {Where.Network.Tag} or {Where.Prediction.Tag}.";

    /// <inheritdoc/>
    public override IStatistic Measure(RunInfo info, RunStore store) => new LowFrequencyStatistic(this, store);
}
