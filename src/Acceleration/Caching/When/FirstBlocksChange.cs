namespace Acceleration;

/// <summary>
/// First-Block Cache's decision: how much what the first blocks add to their input differs from what they added in the last computed step, relatively. These blocks run in each step, and their work is never wasted.
/// </summary>
/// <param name="Threshold">τ, at least 0; 0 never skips, 1 and more always.</param>
/// <param name="Warmup">W: computed steps at the start.</param>
/// <param name="Tail">Computed steps at the end.</param>
/// <param name="MaxSkip">Most skipped steps in a row; 0 for no bound.</param>
[Entry("firstBlocks", "first")]
public sealed record FirstBlocksChange(double Threshold, int Warmup = 0, int Tail = 0, int MaxSkip = 0) : MeasuredWhen
{
    /// <summary>τ.</summary>
    [InTag]
    [AtLeast(0)]
    public double Threshold { get; init => field = Require.AtLeast(0.0, value); } = Require.AtLeast(0.0, Threshold, nameof(Threshold));

    /// <summary>W: computed steps at the start.</summary>
    [InTag("w")]
    [AtLeast(0)]
    public int Warmup { get; init => field = Require.AtLeast(0, value); } = Require.AtLeast(0, Warmup, nameof(Warmup));

    /// <summary>Computed steps at the end.</summary>
    [InTag("t")]
    [AtLeast(0)]
    public int Tail { get; init => field = Require.AtLeast(0, value); } = Require.AtLeast(0, Tail, nameof(Tail));

    /// <summary>Most skipped steps in a row; 0 for no bound.</summary>
    [InTag("m")]
    [AtLeast(0)]
    public int MaxSkip { get; init => field = Require.AtLeast(0, value); } = Require.AtLeast(0, MaxSkip, nameof(MaxSkip));

    /// <summary>Most skipped steps of a stage; 0 for no bound.</summary>
    [InTag("n")]
    [AtLeast(0)]
    public int MaxSkipped { get; init => field = Require.AtLeast(0, value); }

    /// <summary>What the changes of skipped steps in a row stay below, added up; 0 for no bound.</summary>
    [InTag("s")]
    [AtLeast(0)]
    public double MaxSummed { get; init => field = Require.AtLeast(0.0, value); }

    /// <summary>Of the steps of the warm-up one in so many is computed, the first among them; the others are decided on.</summary>
    [InTag("v")]
    [AtLeast(1)]
    public int WarmupInterval { get; init => field = Require.AtLeast(1, value); } = 1;

    /// <summary>Whether a change that equals the threshold skips, as in diffusers; ParaAttention and cache-dit compute.</summary>
    [InTag("i")]
    public bool Inclusive { get; init; }

    /// <summary>Whether guidance branches decide apart, as published for networks that evaluate them apart.</summary>
    [InTag("b")]
    public bool Apart { get; init; }

    /// <inheritdoc/>
    public override bool NeedsProbe => true;

    /// <inheritdoc/>
    public override bool SkipsAtLimit => Inclusive;

    /// <inheritdoc/>
    public override bool ByBranch => Apart;

    /// <inheritdoc/>
    public override int MostInARow => MaxSkip;

    /// <inheritdoc/>
    public override int MostInAll => MaxSkipped;

    /// <inheritdoc/>
    public override double MostSummed => MaxSummed;

    /// <inheritdoc/>
    public override double Limit(StepInfo step) => Threshold < 1 ? Threshold : double.PositiveInfinity;

    /// <inheritdoc/>
    public override bool Forces(StepInfo step) => (step.Index < Warmup && step.Index % WarmupInterval == 0) || step.Index >= step.Count - Tail;

    /// <inheritdoc/>
    public override IStatistic Measure(RunInfo info, RunStore store) => new FirstBlocksStatistic(store);
}
