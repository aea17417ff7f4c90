using static TorchSharp.torch;

namespace Acceleration;

/// <summary>Combines per sample: those that have an unconditional output are guided, the others take the condition.</summary>
internal sealed class ClassifierFreeRun(ClassifierFreeGuidance guidance, DenoiserInfo network) : Run, ICombiner
{
    private static readonly int[] Both = [Branch.Conditional, Branch.Unconditional];
    private static readonly int[] ConditionAlone = [Branch.Conditional];

    // A scale this close to 1 is off, as in the reference guiders.
    private readonly bool _off = Math.Abs(guidance.Scale - 1) <= 1e-9;

    public IReadOnlyList<int> Branches(StepInfo step) => _off ? ConditionAlone : Both;

    public Value Combine(StepInfo step, BranchOutputs outputs)
    {
        var cond = outputs[Branch.Conditional];
        var guided = outputs.SamplesOf(Branch.Unconditional);
        if (_off || guided.Count == 0)
        {
            return cond.alias();
        }

        var all = outputs.Samples;
        if (guided.Count == all.Count)
        {
            return Guide(cond, outputs.For(Branch.Unconditional, all));
        }

        var rest = all.Except(guided).ToArray();
        var mixed = cat([Guide(outputs.For(Branch.Conditional, guided), outputs[Branch.Unconditional]), outputs.For(Branch.Conditional, rest)], 0);
        var order = new RowSet([.. guided.Concat(rest).Select(s => new RowId(s, 0))]);
        return order.Take(mixed, [.. all.Select(s => order.IndexOf(new(s, 0)))]);
    }

    private Tensor Guide(Tensor cond, Tensor uncond)
    {
        // Variance logits and unguided channels are the condition's.
        var channels = Math.Min(guidance.GuidedChannels ?? network.Channels, network.Channels);
        if (cond.size(1) == channels)
        {
            return uncond.Plus((cond - uncond).Times(guidance.Scale));
        }

        var (c, u) = (cond.narrow(1, 0, channels), uncond.narrow(1, 0, channels));
        return cat([u.Plus((c - u).Times(guidance.Scale)), cond.narrow(1, channels, cond.size(1) - channels)], 1);
    }
}
