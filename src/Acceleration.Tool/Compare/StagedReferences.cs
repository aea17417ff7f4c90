using Acceleration.Reporting;

namespace Acceleration.Tool;

/// <summary>
/// Stages draw fresh noise and so make other pictures than the baseline. What a plan stacks on them is compared with the same stages alone, and with those at fewer steps: both join the comparison when
/// the first such plan does.
/// </summary>
internal sealed class StagedReferences(Comparison comparison, Func<AccelerationPlan, Sampler> build)
{
    private static readonly double[] ControlShares = [0.75, 0.5, 0.33];
    private readonly Dictionary<IStaging, Sampler> _known = [];

    /// <summary>The stages of a plan alone; null where it has none, or nothing is stacked on them.</summary>
    public Sampler? Of(AccelerationPlan plan)
    {
        var bare = plan with { Guidance = [.. plan.Guidance.Where(g => g.Needs.CombinesBranches)], Strategies = [], Calibration = null };
        if (plan.Stages is not { } stages || (bare.Guidance.Count == plan.Guidance.Count && plan.Strategies.Count == 0))
        {
            return null;
        }

        if (!_known.TryGetValue(stages, out var reference))
        {
            _known[stages] = reference = build(bare);
            comparison.Variant("stages alone", $"{reference.Steps} steps", reference);
            foreach (var share in ControlShares)
            {
                var fewer = build(bare with { Stages = stages.WithSteps(share) });
                comparison.Control($"{fewer.Steps} staged steps", fewer, reference);
            }
        }

        return reference;
    }
}
