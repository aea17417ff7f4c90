namespace Acceleration;

/// <summary>
/// Deviation caching's decision, for IF-V2V (arXiv 2509.21917): what was remembered between the last two computed steps changed by a share ρ in each step, and goes on to do so while steps are skipped. Skips while the sum of these shares stays
/// below the threshold. The paper's formula is not known to us; this one is ours. At the correction the change is that of the correction, elsewhere that of the output.
/// </summary>
/// <param name="Threshold">δ, at least 0; 0 never skips.</param>
[Entry("changeRate", "rate")]
public sealed record ChangeRate(double Threshold = 0.1) : MeasuredWhen
{
    /// <summary>δ.</summary>
    [InTag]
    [AtLeast(0)]
    public double Threshold { get; init => field = Require.AtLeast(0.0, value); } = Require.AtLeast(0.0, Threshold, nameof(Threshold));

    /// <summary>Steps computed at the start, at least 2: from fewer there is no rate.</summary>
    [InTag("w")]
    [AtLeast(2)]
    public int Warmup { get; init => field = Require.AtLeast(2, value); } = 2;

    /// <summary>Steps computed at the end.</summary>
    [InTag("t")]
    [AtLeast(0)]
    public int Tail { get; init => field = Require.AtLeast(0, value); } = 1;

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
    public override IStatistic Measure(RunInfo info, RunStore store) => new RateStatistic(store);
}
