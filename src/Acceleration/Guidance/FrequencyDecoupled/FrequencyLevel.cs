namespace Acceleration;

/// <summary>Guidance of one level of <see cref="FrequencyDecoupledGuidance"/>.</summary>
/// <param name="Scale">Guidance scale s of the level; within 1e-9 of 1 the level is the condition's.</param>
public sealed record FrequencyLevel(double Scale)
{
    /// <summary>Guidance scale s of the level.</summary>
    [InTag]
    public double Scale { get; init => field = Require.Finite(value); } = Require.Finite(Scale, nameof(Scale));

    /// <summary>Weight of the part of c − u that points along c; 1 leaves the difference as it is.</summary>
    [InTag("along")]
    public double AlongCondition { get; init => field = Require.Finite(value); } = 1;

    /// <summary>φ by which the level is brought back to the spread of the condition's, 0..1. <see cref="GuidanceRescale"/> does the same to the whole.</summary>
    [InTag("phi")]
    [Within(0, 1)]
    public double Rescale { get; init => field = Require.Within(0.0, 1.0, value); }

    /// <summary>Part of the steps at which guidance of the level begins, 0..1: step ⌊start·N⌋ of N, as in <see cref="StepShare"/>.</summary>
    [InTag("start")]
    [Within(0, 1)]
    public double Start { get; init => field = Require.Within(0.0, 1.0, value); }

    /// <summary>Part of the steps at which it ends, 0..1: before step ⌊stop·N⌋.</summary>
    [InTag("stop")]
    [Within(0, 1)]
    public double Stop { get; init => field = Require.Within(0.0, 1.0, value); } = 1;

    /// <summary>Whether the level is guided in a step.</summary>
    internal bool Guides(StepInfo step) => !GuidanceScale.IsOff(Scale) && step.Index >= (int)(Start * step.Count) && step.Index < (int)(Stop * step.Count);
}
