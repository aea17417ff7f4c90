namespace Acceleration;

/// <summary>
/// Skips while the input has moved little since the site was last computed: mean|x − x'|/mean|x'| below a threshold, or a quantile in the place of both means (<see cref="Quantile"/>). At the network it is what stable-diffusion.cpp's modes <c>dbcache</c>, <c>taylorseer</c> and <c>cache-dit</c> really do; at blocks,
/// each for itself (<see cref="EachSite"/>), the decision of DBPrune and BWCache.
/// </summary>
/// <param name="Threshold">τ, at least 0; 0 never skips. Published: 0.08.</param>
/// <param name="Warmup">Steps computed at the start.</param>
/// <param name="Tail">Steps computed at the end.</param>
[Entry("inputChange", "moved")]
public sealed record InputChange(double Threshold, int Warmup = 0, int Tail = 1) : MeasuredWhen
{
    private const int Averaged = 5;

    /// <summary>τ.</summary>
    [InTag]
    [AtLeast(0)]
    public double Threshold { get; init => field = Require.AtLeast(0.0, value); } = Require.AtLeast(0.0, Threshold, nameof(Threshold));

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

    /// <summary>Most skipped steps of a stage; 0 for no bound.</summary>
    [InTag("k")]
    [AtLeast(0)]
    public int MaxSkipped { get; init => field = Require.AtLeast(0, value); }

    /// <summary>One in so many tokens, or elements of what has none, is measured.</summary>
    [InTag("n")]
    [AtLeast(1)]
    public int Stride { get; init => field = Require.AtLeast(1, value); } = 1;

    /// <summary>q: the quantile of absolute values, over the elements of a row, that is compared instead of their mean, above 0 up to 1; null for the mean. Low ones overlook what moves in few places, after InvarDiff's plans by quantiles.</summary>
    [InTag("q")]
    [Within(0, 1, OpenBelow = true)]
    public double? Quantile { get; init => field = value is null or (> 0 and <= 1) ? value : throw new ArgumentOutOfRangeException(nameof(Quantile), value, "Must be a number above 0 and at most 1."); }

    /// <summary>Share of the steps before which all are computed.</summary>
    [InTag("from")]
    [Within(0, 1)]
    public double Start { get; init => field = Require.Within(0, 1.0, value); }

    /// <summary>Share of the steps from which on all are computed.</summary>
    [InTag("to")]
    [Within(0, 1)]
    public double Stop { get; init => field = Require.Within(0, 1.0, value); } = 1;

    /// <summary>Whether every site decides for itself, at one read from the device each.</summary>
    [InTag("e")]
    public bool EachSite { get; init; }

    /// <summary>
    /// r: where every site decides for itself (<see cref="EachSite"/>), its threshold is r times the mean change of the first five sites of the step that changed at all, if that lies between τ and <see cref="MostRelaxed"/>; null for τ throughout. A step
    /// that changes evenly is then left out as a whole. DBPrune's dynamic threshold, published with 1.25.
    /// </summary>
    [InTag("r")]
    [AtLeast(0)]
    public double? Relax { get; init => field = value is { } r ? Require.AtLeast(0.0, r) : null; }

    /// <summary>The bound of a relaxed threshold, which is left where it would be reached; null for twice τ, as published.</summary>
    [InTag("u")]
    [AtLeast(0)]
    public double? MostRelaxed { get; init => field = value is { } most ? Require.AtLeast(0.0, most) : null; }

    /// <summary>Whether guidance branches decide apart.</summary>
    [InTag("b")]
    public bool Apart { get; init; }

    /// <inheritdoc/>
    public override int MostInARow => MaxSkip;

    /// <inheritdoc/>
    public override int MostInAll => MaxSkipped;

    /// <inheritdoc/>
    public override bool BySite => EachSite;

    /// <inheritdoc/>
    public override bool ByBranch => Apart;

    /// <inheritdoc/>
    public override double Limit(StepInfo step) => Threshold;

    /// <inheritdoc/>
    public override double Limit(StepInfo step, IReadOnlyList<float> before)
    {
        ArgumentNullException.ThrowIfNull(before);
        float[] moved = Relax is null ? [] : [.. before.Take(Averaged).Where(e => e > 0)];
        return moved.Length > 0 && Relax * moved.Average() is { } relaxed && relaxed > Threshold && relaxed < (MostRelaxed ?? 2 * Threshold) ? relaxed : Threshold;
    }

    /// <inheritdoc/>
    public override bool Forces(StepInfo step) => step.Index < Warmup || step.Index >= step.Count - Tail || ScheduleShare.IsOutside(step, Start, Stop);

    /// <inheritdoc/>
    public override IStatistic Measure(RunInfo info, RunStore store) => new InputStatistic(this, store);
}
