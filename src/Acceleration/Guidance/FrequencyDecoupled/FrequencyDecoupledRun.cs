using static TorchSharp.torch;

namespace Acceleration;

internal sealed class FrequencyDecoupledRun(FrequencyDecoupledGuidance guidance, DenoiserInfo network) : PairRun(guidance.Strongest, network)
{
    private static readonly int[] ConditionAlone = [Branch.Conditional];

    public override IReadOnlyList<int> Branches(StepInfo step) => Levels.Any(l => IsGuided(step, l)) ? base.Branches(step) : ConditionAlone;

    protected override Tensor Guide(StepInfo step, Tensor cond, Tensor uncond, IReadOnlyList<int> samples)
    {
        if (!Levels.Any(l => IsGuided(step, l)))
        {
            return cond.alias();
        }

        // Both pyramids in one; in float64, so that taking apart and putting together leaves no trace.
        var (count, height, width) = (cond.size(0), cond.size(-2), cond.size(-1));
        using var scope = NewDisposeScope();
        var both = LaplacianPyramid.Of(cat([cond, uncond], 0).to(ScalarType.Float64), guidance.Scales.Count);
        var levels = both.Select((level, l) => Level(step, l, level.narrow(0, 0, count), level.narrow(0, count, count)));
        var whole = LaplacianPyramid.Join([.. levels]);
        return whole.narrow(-2, 0, height).narrow(-1, 0, width).to(cond.dtype).contiguous().MoveToOuterDisposeScope();
    }

    private IEnumerable<int> Levels => Enumerable.Range(0, guidance.Scales.Count);

    private Tensor Level(StepInfo step, int level, Tensor cond, Tensor uncond)
    {
        if (!IsGuided(step, level))
        {
            return cond;
        }

        var difference = Projection.Weighted(cond - uncond, cond, PerLevel.Of(guidance.AlongCondition, level, 1), null);
        var guided = Extrapolation.Of(guidance.Base, guidance.Scales[level], cond, uncond, difference);
        var phi = PerLevel.Of(guidance.Rescale, level, 0);
        return phi == 0 ? guided : SampleSpread.Restore(guided, cond, phi);
    }

    private bool IsGuided(StepInfo step, int level) =>
        !GuidanceScale.IsOff(guidance.Scales[level])
        && step.Index >= (int)(PerLevel.Of(guidance.Starts, level, 0) * step.Count) && step.Index < (int)(PerLevel.Of(guidance.Stops, level, 1) * step.Count);
}
