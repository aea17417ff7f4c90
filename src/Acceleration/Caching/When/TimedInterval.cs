namespace Acceleration;

/// <summary>Computes every n-th step, and all steps whose time lies outside of a window.</summary>
/// <param name="Every">N: steps whose number is a multiple of it are computed, at least 1; 1 computes all.</param>
/// <param name="Above">Times up to this one are computed: the network's own, 1000 for noise and 0 for pictures on flows.</param>
/// <param name="Below">Times from this one on are computed.</param>
[Entry("timedInterval", "timed")]
public sealed record TimedInterval(int Every, double Above = 100, double Below = 800) : StaticWhen
{
    /// <summary>One computed step in every N.</summary>
    [InTag]
    [AtLeast(1)]
    public int Every { get; init => field = Require.AtLeast(1, value); } = Require.AtLeast(1, Every, nameof(Every));

    /// <summary>Times up to this one are computed.</summary>
    [InTag("a")]
    public double Above { get; init => field = Require.Finite(value); } = Require.Finite(Above, nameof(Above));

    /// <summary>Times from this one on are computed.</summary>
    [InTag("b")]
    public double Below { get; init => field = Require.Finite(value); } = Require.Finite(Below, nameof(Below));

    /// <inheritdoc/>
    public override bool Skips(StepInfo step) => step.Index > 0 && step.Index % Every != 0 && step.At.Time > Above && step.At.Time < Below;
}
