namespace Acceleration;

/// <summary>
/// The decision of stable-diffusion.cpp's cache mode <c>ucache</c>: the output's change as predicted from the input's, in units of the geometric mean of its size and of how far it usually moves, the more the longer nothing was computed; added
/// up while steps are skipped. The threshold is halved in the first fifth of the steps and grows by half in the last.
/// </summary>
/// <param name="Threshold">τ, at least 0; 0 never skips. Published: 1.</param>
/// <param name="Start">Share of the steps before which all are computed. Published: 0.15, of the noise levels.</param>
/// <param name="Stop">Share of the steps from which on all are computed. Published: 0.95, of the noise levels.</param>
[Entry("scaledDrift", "scaled")]
public sealed record ScaledDrift(double Threshold = 1, double Start = 0.15, double Stop = 0.95) : MeasuredWhen
{
    private const double Early = 0.2;
    private const double Late = 0.8;

    /// <summary>τ.</summary>
    [InTag]
    [AtLeast(0)]
    public double Threshold { get; init => field = Require.AtLeast(0.0, value); } = Require.AtLeast(0.0, Threshold, nameof(Threshold));

    /// <summary>Share of the steps before which all are computed.</summary>
    [InTag("from")]
    [Within(0, 1)]
    public double Start { get; init => field = Require.Within(0, 1.0, value); } = Require.Within(0, 1.0, Start, nameof(Start));

    /// <summary>Share of the steps from which on all are computed.</summary>
    [InTag("to")]
    [Within(0, 1)]
    public double Stop { get; init => field = Require.Within(0, 1.0, value); } = Require.Within(0, 1.0, Stop, nameof(Stop));

    /// <summary>What is left of the sum from one skipped step to the next, 0..1.</summary>
    [InTag("d")]
    [Within(0, 1)]
    public double Decay { get; init => field = Require.Within(0, 1.0, value); } = 1;

    /// <summary>Whether the input's move is taken since the last computed step, as published, instead of the last one.</summary>
    [InTag("c")]
    public bool SinceComputed { get; init; }

    /// <summary>
    /// Whether the threshold grows with the steps that were computed between <see cref="Start"/> and <see cref="Stop"/>, as a share of all, as published, instead of with the share of steps that lie behind. It then rarely grows by half, since
    /// skipped steps do not count.
    /// </summary>
    [InTag("g")]
    public bool ByComputed { get; init; }

    /// <inheritdoc/>
    public override double Limit(StepInfo step)
    {
        ArgumentNullException.ThrowIfNull(step);
        return LimitAt(step.Progress);
    }

    /// <inheritdoc/>
    public override bool Forces(StepInfo step) => ScheduleShare.IsOutside(step, Start, Stop);

    /// <inheritdoc/>
    public override IStatistic Measure(RunInfo info, RunStore store) => new ScaledStatistic(this, store);

    internal double LimitAt(double share) => Threshold * (share < Early ? 0.5 : share > Late ? 1.5 : 1);
}
