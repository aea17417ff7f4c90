namespace Acceleration;

/// <summary>
/// Low and high spatial frequencies (within and outside a circle of a fifth of the shorter side) are continued apart and put together with factors. With both bands repeated and factors that grow it is FasterCache's correction
/// (Lv et al., 2024, arXiv 2410.19355); with the low band repeated and the high one a parabola it is FreqCa's rule (arXiv 2510.08669), reconstructed: the paper's fits a Hermite series. What has no rows and columns of its own, such as text, is one band, the high one.
/// </summary>
/// <param name="Quantity">Output, or output − input.</param>
/// <param name="LowOrder">Order of the polynomial through the low band, 0 to 4; 0 repeats it.</param>
/// <param name="HighOrder">Order of the polynomial through the high band, 0 to 4.</param>
[Entry("frequencySplit", "bands")]
public sealed record FrequencySplit(Quantity Quantity, int LowOrder = 0, int HighOrder = 0) : IHow
{
    /// <inheritdoc/>
    [InTag]
    public Quantity Quantity { get; init; } = Quantity;

    /// <summary>Order of the polynomial through the low band.</summary>
    [InTag("loworder")]
    [Within(0, Polynomial.Highest)]
    public int LowOrder { get; init => field = Require.Within(0, Polynomial.Highest, value); } = Require.Within(0, Polynomial.Highest, LowOrder, nameof(LowOrder));

    /// <summary>Order of the polynomial through the high band.</summary>
    [InTag("highorder")]
    [Within(0, Polynomial.Highest)]
    public int HighOrder { get; init => field = Require.Within(0, Polynomial.Highest, value); } = Require.Within(0, Polynomial.Highest, HighOrder, nameof(HighOrder));

    /// <summary>Over what they are continued.</summary>
    [InTag]
    public Abscissa Over { get; init; } = Abscissa.Time;

    /// <summary>Factor on low frequencies at times between <see cref="LowAbove"/> and <see cref="LowBelow"/>.</summary>
    [InTag("low")]
    public double LowFactor { get; init => field = Require.Finite(value); } = 1;

    /// <summary>The factor on low frequencies applies at times above this, in units of the network's time.</summary>
    [InTag("lowafter")]
    public double LowAbove { get; init => field = Require.Finite(value); } = 99;

    /// <summary>The factor on low frequencies applies at times below this.</summary>
    [InTag("lowbefore")]
    public double LowBelow { get; init => field = Require.Finite(value); } = 901;

    /// <summary>Factor on high frequencies at times between <see cref="HighAbove"/> and <see cref="HighBelow"/>.</summary>
    [InTag("high")]
    public double HighFactor { get; init => field = Require.Finite(value); } = 1;

    /// <summary>The factor on high frequencies applies at times above this.</summary>
    [InTag("highafter")]
    public double HighAbove { get; init => field = Require.Finite(value); } = -1;

    /// <summary>The factor on high frequencies applies at times below this.</summary>
    [InTag("highbefore")]
    public double HighBelow { get; init => field = Require.Finite(value); } = 301;

    /// <summary>Whether factors multiply from one skipped step to the next, as in FasterCache's released code.</summary>
    [InTag("compounding")]
    public bool Compounding { get; init; }

    /// <inheritdoc/>
    public string Tag => PlanTag.Of(this);

    int IHow.Entries => Math.Max(LowOrder, HighOrder) + 1;

    /// <inheritdoc/>
    public IHowRun Begin(RunInfo info, RunStore store) => new FrequencySplitRun(this, store);

    internal double LowAt(StepInfo step) => IsBetween(step, LowAbove, LowBelow) ? LowFactor : 1;

    internal double HighAt(StepInfo step) => IsBetween(step, HighAbove, HighBelow) ? HighFactor : 1;

    /// <summary>By the time at which the step begins, so that all its calls are alike.</summary>
    private static bool IsBetween(StepInfo step, double above, double below) => step.Grid.Points[step.Index].Time is var time && above < time && time < below;
}
