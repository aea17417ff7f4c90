namespace Acceleration;

/// <summary>
/// CFG-Cache of FasterCache (Lv et al., 2024, arXiv 2410.19355): the unconditional branch is evaluated in every n-th step; in between it is the condition's output plus the last difference of the two, whose low
/// and high spatial frequencies grow by factors of their own. Needs guidance, for example <c>.Guidance(scale: 7.5)</c>.
/// </summary>
/// <param name="Every">Every n-th step evaluates the unconditional branch; 1 evaluates it always.</param>
[Entry("cfgCache", "CFGC")]
public sealed record CfgCache(int Every = 5) : IStrategy
{
    /// <summary>Every n-th step evaluates the unconditional branch, counted in each stage; 1 evaluates it always.</summary>
    [InTag]
    [AtLeast(1)]
    public int Every { get; init => field = Require.AtLeast(1, value); } = Require.AtLeast(1, Every, nameof(Every));

    /// <summary>The branch is left out at times above this alone, in units of the network's time (training steps; 1000·σ for flow networks).</summary>
    [InTag("after")]
    public double SkipAbove { get; init => field = Require.Finite(value); } = -1;

    /// <summary>The branch is left out at times below this alone.</summary>
    [InTag("before")]
    public double SkipBelow { get; init => field = Require.Finite(value); } = 641;

    /// <summary>α₁: factor on low frequencies at times between <see cref="LowAbove"/> and <see cref="LowBelow"/>.</summary>
    [InTag("low")]
    public double LowFactor { get; init => field = Require.Finite(value); } = 1.1;

    /// <summary>The factor on low frequencies applies at times above this.</summary>
    [InTag("lowafter")]
    public double LowAbove { get; init => field = Require.Finite(value); } = 99;

    /// <summary>The factor on low frequencies applies at times below this.</summary>
    [InTag("lowbefore")]
    public double LowBelow { get; init => field = Require.Finite(value); } = 901;

    /// <summary>α₂: factor on high frequencies at times between <see cref="HighAbove"/> and <see cref="HighBelow"/>.</summary>
    [InTag("high")]
    public double HighFactor { get; init => field = Require.Finite(value); } = 1.1;

    /// <summary>The factor on high frequencies applies at times above this.</summary>
    [InTag("highafter")]
    public double HighAbove { get; init => field = Require.Finite(value); } = -1;

    /// <summary>The factor on high frequencies applies at times below this.</summary>
    [InTag("highbefore")]
    public double HighBelow { get; init => field = Require.Finite(value); } = 301;

    /// <summary>Whether factors multiply from one skipped step to the next, as in the released code: with a factor of 1.1 the fourth skipped step has 1.46. Without, each has the factor itself.</summary>
    [InTag("compounding")]
    public bool Compounding { get; init; }

    /// <inheritdoc/>
    public string Tag => PlanTag.Of(this);

    /// <inheritdoc/>
    public Requirements Needs => new()
    {
        ChoosesBranches = true,
        UnconditionalBranch = true,
        Refuse = info => !info.IsGuided ? "there is no guidance whose difference could be kept; add .Guidance(scale)."
            : info.Network.SampleSize.Count < 3 ? "its latents have no height and width."
            : null,
    };

    /// <inheritdoc/>
    public IRun Begin(RunInfo info, RunStore store) => new CfgCacheRun(this, store);

    /// <summary>Whether a step may leave the branch out.</summary>
    internal bool Skips(StepInfo step) => step.Index > 0 && step.Index % Every != 0 && IsBetween(step, SkipAbove, SkipBelow);

    /// <summary>What a skipped step multiplies low and high frequencies with.</summary>
    internal (double Low, double High) Factors(StepInfo step) =>
        (IsBetween(step, LowAbove, LowBelow) ? LowFactor : 1, IsBetween(step, HighAbove, HighBelow) ? HighFactor : 1);

    /// <summary>By the time at which the step begins, so that all its calls are alike.</summary>
    private static bool IsBetween(StepInfo step, double above, double below) => step.Grid.Points[step.Index].Time is var time && above < time && time < below;
}
