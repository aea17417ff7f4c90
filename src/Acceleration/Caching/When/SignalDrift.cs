namespace Acceleration;

/// <summary>
/// TeaCache's decision (Liu et al., 2024, arXiv 2411.19108): how far the time-modulated input of the first block moved since the step before tells, through a fitted polynomial, how far the output will. Skips while the sum of these
/// changes stays below the threshold.
/// </summary>
/// <param name="Threshold">τ, at least 0; 0 never skips.</param>
/// <param name="Coefficients">Of the polynomial that turns the relative change of the signal into that of the output, highest power first: the network's own. [1, 0] takes it as it is.</param>
[Entry("signalDrift", "signal")]
public sealed record SignalDrift(double Threshold, IReadOnlyList<double> Coefficients) : MeasuredWhen
{
    /// <summary>τ.</summary>
    [InTag]
    [AtLeast(0)]
    public double Threshold { get; init => field = Require.AtLeast(0.0, value); } = Require.AtLeast(0.0, Threshold, nameof(Threshold));

    /// <summary>Of the polynomial, highest power first.</summary>
    [InTag("p")]
    public IReadOnlyList<double> Coefficients { get; init => field = Require.Finite(value); } = Require.Finite(Coefficients, nameof(Coefficients));

    /// <summary>What is watched. A network's time embedding alone makes the decision a fixed schedule.</summary>
    [InTag("s")]
    public Signal On { get; init; } = Signal.ModulatedInput;

    /// <summary>Steps computed at the start, at least 1.</summary>
    [InTag("w")]
    [AtLeast(1)]
    public int Warmup { get; init => field = Require.AtLeast(1, value); } = 1;

    /// <summary>Steps computed at the end.</summary>
    [InTag("t")]
    [AtLeast(0)]
    public int Tail { get; init => field = Require.AtLeast(0, value); } = 1;

    /// <summary>Whether a polynomial below zero counts as no change; as published, it takes back what was summed before.</summary>
    [InTag("c")]
    public bool Clamps { get; init; }

    /// <summary>Whether guidance branches decide apart, as published for networks that evaluate them apart.</summary>
    [InTag("b")]
    public bool Apart { get; init; }

    /// <inheritdoc/>
    public override bool ByBranch => Apart;

    /// <inheritdoc/>
    public override IReadOnlyList<Signal> Signals => [On];

    /// <inheritdoc/>
    public override double Limit(StepInfo step) => Threshold;

    /// <inheritdoc/>
    public override bool Forces(StepInfo step) => step.Index < Warmup || step.Index >= step.Count - Tail;

    /// <inheritdoc/>
    public override IStatistic Measure(RunInfo info, RunStore store) => new SignalStatistic(this, store);

    /// <summary>Change of the output that a change of the signal stands for.</summary>
    internal double Change(double signal)
    {
        var change = Coefficients.Aggregate(0.0, (sum, c) => (sum * signal) + c);
        return Clamps ? Math.Max(0, change) : change;
    }
}
