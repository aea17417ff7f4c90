namespace Acceleration;

/// <summary>
/// APG after plain guidance, as HunyuanImage 2.1 has it: plain guidance up to a step, which fills the momentum already, then <see cref="AdaptiveProjectedGuidance"/> with a scale of its own.
/// </summary>
/// <param name="Scale">Scale s of plain guidance; within 1e-9 of 1 the condition alone is evaluated in all steps.</param>
/// <param name="ProjectedScale">Scale of the projected one; within 1e-9 of 1 guidance stays plain throughout.</param>
/// <param name="After">The last step of plain guidance, 0-based, in the run's first stage; later stages are projected. −1 for none.</param>
[Entry("apgMix", "APGMix")]
public sealed record AdaptiveProjectedMixGuidance(double Scale = 3.5, double ProjectedScale = 10, int After = 5) : IStrategy
{
    /// <summary>Scale s of plain guidance; 1 evaluates the condition alone.</summary>
    [InTag(Always = true)]
    public double Scale { get; init => field = Require.Finite(value); } = Require.Finite(Scale, nameof(Scale));

    /// <summary>Scale of the projected one; 1 for none.</summary>
    [InTag("to", Always = true)]
    public double ProjectedScale { get; init => field = Require.Finite(value); } = Require.Finite(ProjectedScale, nameof(ProjectedScale));

    /// <summary>The last step of plain guidance.</summary>
    [InTag("after", Always = true)]
    [AtLeast(-1)]
    public int After { get; init => field = Require.AtLeast(-1, value); } = Require.AtLeast(-1, After, nameof(After));

    /// <summary>β of the momentum m ← d + β·m; null or 0 for none.</summary>
    [InTag("m")]
    public double? Momentum { get; init => field = value is { } given ? Require.Finite(given) : null; } = -0.5;

    /// <summary>r: greatest length of the difference; 0 for any.</summary>
    [InTag("r")]
    [AtLeast(0)]
    public double Longest { get; init => field = Require.AtLeast(0.0, Require.Finite(value)); } = 10;

    /// <summary>η: weight of the part of the difference along c.</summary>
    [InTag("eta")]
    public double Eta { get; init => field = Require.Finite(value); }

    /// <summary>Where both sums start.</summary>
    [InTag("from")]
    public GuidanceBase Base { get; init; }

    /// <inheritdoc/>
    public string Tag => PlanTag.Of(this);

    /// <inheritdoc/>
    public Requirements Needs => PairNeeds.Of(Scale);

    /// <inheritdoc/>
    public IRun Begin(RunInfo info, RunStore store) => new AdaptiveProjectedMixRun(this, info.Network, store);

    /// <summary>Whether a guided step is projected.</summary>
    internal bool Projects(int stage, int step) => (stage > 0 || step > After) && !GuidanceScale.IsOff(ProjectedScale);
}
