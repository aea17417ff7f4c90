namespace Acceleration;

/// <summary>
/// SADA's decision (Jiang et al., 2025, arXiv 2507.17135): a step is skipped where the one before came out stable, that is, where what the solver did and what its gradients would have it do differ against the bend of the gradients. At the
/// prediction, with solvers of one call per step. From <see cref="LagrangeFrom"/> on, one step in every <see cref="LagrangeEvery"/> is computed whatever is measured.
/// </summary>
/// <param name="From">First step after which one may be skipped, at least 3 in effect; null for about a fifth of the steps, as published for 15, 25 and 50 of them.</param>
/// <param name="To">Step from which on none is skipped any more; null for the third from the end.</param>
/// <param name="MaxSkip">Most skipped steps in a row; 0 for no bound.</param>
[Entry("stability", "stable")]
public sealed record Stability(int? From = null, int? To = null, int MaxSkip = 4) : MeasuredWhen
{
    private const int Earliest = 3;

    /// <summary>First step after which one may be skipped.</summary>
    [InTag]
    [AtLeast(0)]
    public int? From { get; init => field = Require.AtLeast(0, value); } = Require.AtLeast(0, From, nameof(From));

    /// <summary>Step from which on none is skipped any more.</summary>
    [InTag("to")]
    [AtLeast(0)]
    public int? To { get; init => field = Require.AtLeast(0, value); } = Require.AtLeast(0, To, nameof(To));

    /// <summary>Most skipped steps in a row; 0 for no bound.</summary>
    [InTag("m")]
    [AtLeast(0)]
    public int MaxSkip { get; init => field = Require.AtLeast(0, value); } = Require.AtLeast(0, MaxSkip, nameof(MaxSkip));

    /// <summary>Step from which on skipping follows a pattern; null for none.</summary>
    [InTag("l")]
    [AtLeast(0)]
    public int? LagrangeFrom { get; init => field = Require.AtLeast(0, value); }

    /// <summary>Distance of the computed steps of the pattern, which are the steps behind its multiples.</summary>
    [InTag("e")]
    [AtLeast(1)]
    public int LagrangeEvery { get; init => field = Require.AtLeast(1, value); } = 4;

    /// <summary>
    /// Whether it measures as the released code does: weights 5/8, 3/4, −3/8 over one training step instead of the paper's over the step taken, and for a flow the mean second difference of velocities, of either sign.
    /// </summary>
    [InTag("p")]
    public bool Published { get; init; }

    /// <inheritdoc/>
    public override int MostInARow => MaxSkip;

    // Stable is at most 0: below the smallest number above it.
    /// <inheritdoc/>
    public override double Limit(StepInfo step) => InPattern(Before(step)) ? double.PositiveInfinity : float.Epsilon;

    /// <inheritdoc/>
    public override bool Forces(StepInfo step)
    {
        var before = Before(step);
        return !Within(before, step.Count, From, To) || step.At.Sigma == 0 || (InPattern(before) && before % LagrangeEvery == 0);
    }

    /// <inheritdoc/>
    public override string? Refuse(RunInfo info) =>
        !info.OneCallPerStep ? $"{info.Solver} asks the network several times in a step, and stability is judged from one step to the next. Choose a solver of one call, such as DPM-Solver++ or Euler."
        : !Published || info.Network.Prediction == PredictionType.Flow ? null
        : info.Network.Prediction is not (PredictionType.Epsilon or PredictionType.Velocity) ? $"the released code has no rule for a network that predicts {info.Network.Prediction}; leave {nameof(Published)} out."
        : info.Network.Noise is null ? $"the released code needs the betas of training, and {info.Network.Name} says no {nameof(DenoiserInfo.Noise)}; leave {nameof(Published)} out."
        : null;

    /// <inheritdoc/>
    public override string? Refuse(RunInfo info, Site site) =>
        site.Kind == SiteKind.Prediction ? null : $"stability is that of the guided prediction, which '{site}' is not; place it at {Where.Prediction.Tag}.";

    /// <inheritdoc/>
    public override IStatistic Measure(RunInfo info, RunStore store) => new StabilityStatistic(this, info, store);

    /// <summary>The first step of the range.</summary>
    internal static int First(int steps, int? from) => Math.Max(from ?? (int)Math.Round(7 + ((steps - 15) * 3 / 35.0)), Earliest);

    /// <summary>Whether a step lies in the range.</summary>
    internal static bool Within(int step, int steps, int? from, int? to) => step >= First(steps, from) && step < (to ?? steps - 3);

    private static int Before(StepInfo step) => step.Index - 1;

    private bool InPattern(int step) => step >= LagrangeFrom;
}
