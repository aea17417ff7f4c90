namespace Acceleration;

/// <summary>
/// DualFast (Yu et al., 2025, arXiv 2506.13058): the error that the network adds to that of the solver shrinks with the noise level in a known way, so the noise predicted at an earlier, noisier step is mixed in:
/// ẽ = e + c·(e − e_τ). Costs no evaluation. Sees the guided prediction, before clipping and thresholding; works with every solver that asks the network once per step.
/// </summary>
/// <param name="Weight">c: the weight at the last step where it rises (cMax), else at each. At least 0; 0 changes nothing. The published values are not known to us: 0.3 is our choice.</param>
[Entry("dualFast", "DF")]
public sealed record DualFast(double Weight = 0.3) : IStrategy
{
    /// <summary>c: the weight at the last step where it rises, else at each.</summary>
    [InTag(Always = true)]
    [AtLeast(0)]
    public double Weight { get; init => field = NotNegative(value); } = NotNegative(Weight);

    /// <summary>How the weight goes over the steps of a stage.</summary>
    [InTag]
    public MixWeight Course { get; init; } = MixWeight.Rising;

    /// <summary>τ: how many steps back the other prediction lies; null for the first step of the stage. Steps before that are not mixed.</summary>
    [InTag("lag")]
    [AtLeast(1)]
    public int? Lag { get; init => field = Require.AtLeast(1, value); } = 1;

    /// <summary>What the mixed prediction stands for.</summary>
    [InTag]
    public MixedPart Part { get; init; } = MixedPart.Newest;

    /// <inheritdoc/>
    public string Tag => PlanTag.Of(this);

    /// <inheritdoc/>
    public Requirements Needs => new()
    {
        Refuse = info => info.OneCallPerStep ? null : $"{info.Solver} asks the network several times in a step, and the mix is defined between steps. Choose a solver of one call, such as DDIM or DPM-Solver++.",
    };

    /// <inheritdoc/>
    public IRun Begin(RunInfo info, RunStore store) => new DualFastRun(this, store);

    /// <summary>The weight c of a step.</summary>
    internal double At(StepInfo step) => Course == MixWeight.Constant ? Weight : step.Count == 1 ? 0 : Weight * step.Index / (step.Count - 1);

    private static double NotNegative(double value) => Require.AtLeast(0.0, Require.Finite(value, nameof(Weight)), nameof(Weight));
}
