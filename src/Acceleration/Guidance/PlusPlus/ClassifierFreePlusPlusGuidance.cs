namespace Acceleration;

/// <summary>
/// CFG++ (Chung et al., 2024, arXiv 2406.08070): the clean samples follow g = u + λ·(c − u) with a small λ, and the noise that leads back is the unconditional u's. Needs a solver that takes the two apart; there a step is
/// x' = α'·x0(g) + σ'·ε(u). λ = 1 is not the condition alone, and λ = 0 is sampling without a condition.
/// </summary>
/// <param name="Lambda">λ, 0..1.</param>
[Entry("cfgPlusPlus", "CFGPP")]
public sealed record ClassifierFreePlusPlusGuidance(double Lambda = 0.6) : IStrategy
{
    /// <summary>λ: how far from the unconditional clean sample to the condition's.</summary>
    [InTag(Always = true)]
    [Within(0, 1)]
    public double Lambda { get; init => field = Require.Within(0.0, 1.0, value); } = Require.Within(0.0, 1.0, Lambda, nameof(Lambda));

    /// <inheritdoc/>
    public string Tag => PlanTag.Of(this);

    /// <inheritdoc/>
    public Requirements Needs => new()
    {
        CombinesBranches = true,
        UnconditionalBranch = true,
        GuidanceScale = Lambda,
        Refuse = info => info.TakesCleanAndNoiseApart
            ? null
            : $"CFG++ noises with another prediction than the one that names the clean sample, and the solver {info.Solver} does not take the two apart (it keeps a history, or finds its direction itself). Use one that does, for example .Ddim(steps).",
    };

    /// <inheritdoc/>
    public IRun Begin(RunInfo info, RunStore store) => new PlusPlusRun(this, info.Network);
}
