namespace Acceleration;

/// <summary>
/// Evaluates the network in a few steps, and goes on from each of them to the next with one output that is a weighted sum of the latents and of <em>all</em> conditional and unconditional outputs evaluated so far. The weights are fitted
/// beforehand so that the latents arrive where full evaluation brings them (<see cref="ForecastCalibration"/>), which also corrects the errors of the spans before. Branches are weighed apart, so that the unconditional one may be
/// evaluated in fewer steps, and the first steps may be taken on the latents alone. This library's own; its kin are solvers with fitted coefficients (Bespoke Non-Stationary Solvers, arXiv 2403.01329; S4S, arXiv 2502.17423;
/// DPM-Solver-v3, arXiv 2310.13268) and LinearAG's regression of the unconditional output (arXiv 2312.12487).
/// Weights hold for one network, solver, number of steps and guidance scale, which the <see cref="Calibration"/> of their plan states, and for the network's own unconditional branch: requests with a negative condition are refused.
/// Remembers each evaluated output and one sum: latents' size, in the network's type.
/// </summary>
/// <param name="Spans">Ascending, the first one at step 0. None is no forecast.</param>
/// <exception cref="ArgumentException">Spans do not ascend from step 0, or weigh outputs that have not been evaluated.</exception>
[Entry("fittedForecast", "FitF")]
public sealed record FittedForecast(IReadOnlyList<ForecastSpan> Spans) : IStrategy
{
    /// <summary>The spans.</summary>
    [InTag(":")]
    public IReadOnlyList<ForecastSpan> Spans { get; init => field = Kept(value); } = Kept(Spans);

    /// <inheritdoc/>
    public string Tag => PlanTag.Of(this);

    /// <summary>Evaluations of one sample, both branches counted.</summary>
    public int Evaluations => Spans.Sum(s => s.Evaluates switch { EvaluatedBranches.All => 2, EvaluatedBranches.Conditional => 1, _ => 0 });

    /// <inheritdoc/>
    public Requirements Needs => new()
    {
        Sites = [new(Where.Prediction, HookPhase.Cache)],
        ChoosesBranches = true,
        UnconditionalBranch = NeedsGuidance,
        Refuse = Refuse,
        RefuseRequest = request => request.Negative is null || Spans.Count == 0 ? null : "its weights were fitted to the network's own unconditional branch and do not hold for a negative condition.",
    };

    /// <inheritdoc/>
    public IRun Begin(RunInfo info, RunStore store)
    {
        ArgumentNullException.ThrowIfNull(info);
        return new FittedForecastRun(this, store);
    }

    private bool NeedsGuidance => Spans.Any(s => s.Unconditional.Count > 0);

    private string? Refuse(RunInfo info)
    {
        var steps = info.Stages[0].Steps;
        return Spans.Count == 0 ? null
            : NeedsGuidance && !info.IsGuided ? "it weighs the unconditional branch, and the run has none; add .Guidance(scale)."
            : info.Stages.Count > 1 ? "its weights hold for one resolution, and the run has stages."
            : !info.OneCallPerStep ? $"{info.Solver} asks the network several times in a step, and its weights hold for one call in each."
            : Spans[^1].Step >= steps ? $"it has weights for step {Spans[^1].Step}, and the last one is {steps - 1} (steps count from 0)."
            : Spans[0].Evaluates == EvaluatedBranches.None && info.Network.LearnedVariance ? $"{info.Network.Name} predicts its variance, which nothing is known of before the first evaluation; evaluate step 0."
            : null;
    }

    private static IReadOnlyList<ForecastSpan> Kept(IReadOnlyList<ForecastSpan> spans)
    {
        ArgumentNullException.ThrowIfNull(spans, nameof(Spans));
        var (before, conditional, unconditional) = (-1, 0, 0);
        foreach (var span in spans)
        {
            if (span is null)
            {
                throw new ArgumentException("A span is missing.", nameof(Spans));
            }

            if (before < 0 ? span.Step != 0 : span.Step <= before)
            {
                throw new ArgumentException(before < 0 ? $"The first span begins at step 0, not {span.Step}." : $"Spans do not ascend: step {span.Step} comes after {before}.", nameof(Spans));
            }

            before = span.Step;
            conditional += span.Evaluates == EvaluatedBranches.None ? 0 : 1;
            unconditional += span.Evaluates == EvaluatedBranches.All ? 1 : 0;
            if (span.Conditional.Count > conditional || span.Unconditional.Count > unconditional)
            {
                throw new ArgumentException(
                    $"The span at step {span.Step} weighs {span.Conditional.Count} conditional and {span.Unconditional.Count} unconditional outputs; {conditional} and {unconditional} have been evaluated by then.", nameof(Spans));
            }
        }

        return ValueList.Of(spans);
    }
}
