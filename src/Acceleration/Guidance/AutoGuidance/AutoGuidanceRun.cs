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
        var guided = outputs.SamplesOf(Branch.Weak).ToArray();
        if (guided.Length == 0)
        {
            return outputs[Branch.Conditional].alias();
        }

        var rest = outputs.Samples.Except(guided).ToArray();
        var mixed = Guide(outputs.For(Branch.Conditional, guided), outputs[Branch.Weak]);
        return rest.Length == 0 ? outputs.Join([(guided, mixed)]) : outputs.Join([(guided, mixed), (rest, outputs.For(Branch.Conditional, rest))]);
    }

    public Value Invoke(in SiteCall call, Value input, SiteNext next) => LayerSkip.Invoke(call, input, next, Branch.Weak);

    private Tensor Guide(Tensor cond, Tensor weak)
    {
        // Variance logits are the network's own.
        var channels = Math.Min(network.Channels, cond.size(1));
        var (c, w) = (cond.narrow(1, 0, channels), weak.narrow(1, 0, channels));
        var guided = (guidance.Original ? c : w).Plus((c - w).Times(guidance.Scale));
        return channels == cond.size(1) ? guided : cat([guided, cond.narrow(1, channels, cond.size(1) - channels)], 1);
    }
}
