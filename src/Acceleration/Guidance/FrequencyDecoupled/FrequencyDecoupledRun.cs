using static TorchSharp.torch;

namespace Acceleration;

internal sealed class FrequencyDecoupledRun(FrequencyDecoupledGuidance guidance, DenoiserInfo network) : PairRun(guidance.Strongest, network)
{
    private static readonly int[] ConditionAlone = [Branch.Conditional];

    public override IReadOnlyList<int> Branches(StepInfo step) => guidance.Levels.Any(l => l.Guides(step)) ? base.Branches(step) : ConditionAlone;

    protected override Tensor Guide(StepInfo step, Tensor cond, Tensor uncond, IReadOnlyList<int> samples)
    {
        if (!guidance.Levels.Any(l => l.Guides(step)))
        {
            return cond.alias();
        }

        // Both pyramids in one; in float64, so that taking apart and putting together leaves no trace.
        var (count, height, width) = (cond.size(0), cond.size(-2), cond.size(-1));
        using var scope = NewDisposeScope();
        var both = LaplacianPyramid.Of(cat([cond, uncond], 0).to(ScalarType.Float64), guidance.Levels.Count);
        var levels = guidance.Levels.Zip(both, (level, values) => level.Guides(step) ? Guided(level, values.narrow(0, 0, count), values.narrow(0, count, count)) : values.narrow(0, 0, count));
        var whole = LaplacianPyramid.Join([.. levels]);
        return whole.narrow(-2, 0, height).narrow(-1, 0, width).to(cond.dtype).contiguous().MoveToOuterDisposeScope();
    }

    private Tensor Guided(FrequencyLevel level, Tensor cond, Tensor uncond)
    {
        var difference = Projection.Weighted(cond - uncond, cond, level.AlongCondition, null);
        var guided = Extrapolation.Of(guidance.Base, level.Scale, cond, uncond, difference);
        return level.Rescale == 0 ? guided : SampleSpread.Restore(guided, cond, level.Rescale);
    }
}
