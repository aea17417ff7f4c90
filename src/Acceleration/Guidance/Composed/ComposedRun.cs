using static TorchSharp.torch;

namespace Acceleration;

internal sealed class ComposedRun(ComposedGuidance guidance, long channels) : Run, ICombiner
{
    private readonly int[] _others = [.. Enumerable.Range(0, guidance.Weights.Count).Where(i => guidance.Weights[i] != 0).Select(Branch.Other)];

    public IReadOnlyList<int> Branches(StepInfo step) => guidance.IsOff ? [Branch.Conditional] : [Branch.Conditional, Branch.Unconditional, .. _others];

    public Value Combine(StepInfo step, BranchOutputs outputs)
    {
        var cond = outputs[Branch.Conditional];
        int[] guided = guidance.IsOff ? [] : [.. outputs.Samples.Where(s => Array.TrueForAll([Branch.Unconditional, .. _others], b => outputs.SamplesOf(b).Contains(s)))];
        return guided.Length == 0 ? cond.alias() : outputs.WithCondition(guided, Guide(outputs, guided));
    }

    private Tensor Guide(BranchOutputs outputs, int[] guided)
    {
        var (cond, uncond) = (outputs.For(Branch.Conditional, guided), Mean(outputs.For(Branch.Unconditional, guided)));
        var sum = Extrapolation.Of(GuidanceBase.Unconditional, guidance.Scale, Mean(cond), uncond, Mean(cond) - uncond);
        foreach (var branch in _others)
        {
            sum = sum.Plus((Mean(outputs.For(branch, guided)) - uncond).Times(guidance.Weights[branch - Branch.FirstOther]));
        }

        // Variance logits are the condition's.
        return cond.size(1) == channels ? sum : cat([sum, cond.narrow(1, channels, cond.size(1) - channels)], 1);
    }

    private Tensor Mean(Tensor output) => output.narrow(1, 0, channels);
}
