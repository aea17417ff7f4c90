using static TorchSharp.torch;

namespace Acceleration;

/// <summary>Combines per sample: those that have the weaker network's output are guided, the others take the network's own.</summary>
internal sealed class AutoGuidanceRun(AutoGuidance guidance, DenoiserInfo network) : Run, ICombiner, ISiteHook
{
    private static readonly int[] Both = [Branch.Conditional, Branch.Weak];
    private static readonly int[] ConditionAlone = [Branch.Conditional];

    public IReadOnlyList<int> Branches(StepInfo step) => guidance.IsOn(step) ? Both : ConditionAlone;

    public Value Combine(StepInfo step, BranchOutputs outputs)
    {
        var guided = outputs.SamplesOf(Branch.Weak);
        return guided.Count == 0
            ? outputs[Branch.Conditional].alias()
            : outputs.WithCondition(guided, Guide(outputs.For(Branch.Conditional, guided), outputs[Branch.Weak]));
    }

    public Value Invoke(in SiteCall call, Value input, SiteNext next) => LayerSkip.Invoke(call, input, next, Branch.Weak);

    private Tensor Guide(Tensor cond, Tensor weak)
    {
        // Variance logits are the network's own.
        var channels = Math.Min(network.Channels, cond.size(1));
        var (c, w) = (cond.narrow(1, 0, channels), weak.narrow(1, 0, channels));
        var guided = Extrapolation.Of(guidance.Base, guidance.Scale, c, w, c - w);
        return channels == cond.size(1) ? guided : cat([guided, cond.narrow(1, channels, cond.size(1) - channels)], 1);
    }
}
