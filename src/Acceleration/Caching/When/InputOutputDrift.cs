namespace Acceleration;

/// <summary>
/// EasyCache's decision (Zhou et al., 2025, arXiv 2507.02860): how far the output moved for a given move of the input is nearly constant after the first steps, so
/// it predicts the output's relative change from the input's. Skips while the accumulated change stays below the threshold. Decided per sample; where several sites
/// are cached, the first one that a step reaches decides for all, because each decision stalls a GPU.
/// </summary>
/// <param name="Threshold">τ, at least 0; 0 never skips.</param>
/// <param name="Warmup">W: computed steps at the start; null for 10, or max(3, 15 %) of runs shorter than 50 steps.</param>
/// <param name="Tail">C: computed steps at the end.</param>
/// <param name="MaxSkip">Most skipped steps in a row; 0 for no bound.</param>
[Entry("drift", "drift")]
public sealed record InputOutputDrift(double Threshold, int? Warmup = null, int Tail = 1, int MaxSkip = 0) : MeasuredWhen
{
    /// <summary>τ.</summary>
    [InTag]
    [AtLeast(0)]
    public double Threshold { get; init => field = Require.AtLeast(0.0, value); } = Require.AtLeast(0.0, Threshold, nameof(Threshold));

    /// <summary>W: computed steps at the start.</summary>
    [InTag("w")]
    [AtLeast(0)]
    public int? Warmup { get; init => field = Require.AtLeast(0, value); } = Require.AtLeast(0, Warmup, nameof(Warmup));

    /// <summary>C: computed steps at the end.</summary>
    [InTag("t")]
    [AtLeast(0)]
    public int Tail { get; init => field = Require.AtLeast(0, value); } = Require.AtLeast(0, Tail, nameof(Tail));

    /// <summary>Most skipped steps in a row; 0 for no bound.</summary>
    [InTag("m")]
    [AtLeast(0)]
    public int MaxSkip { get; init => field = Require.AtLeast(0, value); } = Require.AtLeast(0, MaxSkip, nameof(MaxSkip));

    /// <summary>Whether the input's move is taken since the last computed step instead of the last one, as in stable-diffusion.cpp and ComfyUI: sums then grow faster on long runs of skipped steps, and thresholds mean something else.</summary>
    [InTag("c")]
    public bool SinceComputed { get; init; }

    /// <summary>One in so many elements, or tokens of what has tokens, is measured; 8 in ComfyUI. 1 measures all.</summary>
    [InTag("n")]
    [AtLeast(1)]
    public int Stride { get; init => field = Require.AtLeast(1, value); } = 1;

    /// <summary>Share of the steps before which all are computed; 0.15 in stable-diffusion.cpp and ComfyUI, there of the noise levels.</summary>
    [InTag("from")]
    [Within(0, 1)]
    public double Start { get; init => field = Require.Within(0, 1.0, value); }

    /// <summary>Share of the steps from which on all are computed; 0.95 in stable-diffusion.cpp and ComfyUI, there of the noise levels.</summary>
    [InTag("to")]
    [Within(0, 1)]
    public double Stop { get; init => field = Require.Within(0, 1.0, value); } = 1;

    /// <summary>Whether guidance branches decide apart.</summary>
    [InTag("b")]
    public bool Apart { get; init; }

    /// <inheritdoc/>
    public override bool ByBranch => Apart;

    /// <inheritdoc/>
    public override int MostInARow => MaxSkip;

    /// <inheritdoc/>
    public override double Limit(StepInfo step) => Threshold;

    /// <inheritdoc/>
    public override IStatistic Measure(RunInfo info, RunStore store) => new DriftStatistic(this, store);

    /// <inheritdoc/>
    public override bool Forces(StepInfo step) =>
        step.Index < (Warmup ?? (step.Count < 50 ? Math.Max(3, (int)Math.Round(0.15 * step.Count)) : 10)) || step.Index >= step.Count - Tail || ScheduleShare.IsOutside(step, Start, Stop);
}
