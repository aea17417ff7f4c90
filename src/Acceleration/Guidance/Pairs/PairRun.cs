using static TorchSharp.torch;

namespace Acceleration;

/// <summary>Combines the condition's output with the unconditional one, sample by sample: a sample without the latter takes the condition's.</summary>
/// <param name="scale">Scale s; 1 is off.</param>
/// <param name="network">The network.</param>
/// <param name="guidedChannels">Latent channels that are guided; null for all.</param>
internal abstract class PairRun(double scale, DenoiserInfo network, int? guidedChannels = null) : Run, ICombiner
{
    private static readonly int[] Both = [Branch.Conditional, Branch.Unconditional];
    private static readonly int[] ConditionAlone = [Branch.Conditional];
    private readonly long _channels = Math.Min(guidedChannels ?? network.Channels, network.Channels);

    protected bool IsOff { get; } = GuidanceScale.IsOff(scale);

    public virtual IReadOnlyList<int> Branches(StepInfo step) => IsOff ? ConditionAlone : Both;

    public virtual Value Combine(StepInfo step, BranchOutputs outputs)
    {
        var cond = outputs[Branch.Conditional];
        var guided = Guided(outputs);
        return guided.Count == 0
            ? cond.alias()
            : outputs.WithCondition(guided, OnChannels(step, outputs.For(Branch.Conditional, guided), outputs.For(Branch.Unconditional, guided), guided));
    }

    /// <summary>The samples that are guided, in the order of the batch where all are.</summary>
    protected IReadOnlyList<int> Guided(BranchOutputs outputs)
    {
        var guided = IsOff ? [] : outputs.SamplesOf(Branch.Unconditional);
        return guided.Count == outputs.Samples.Count ? outputs.Samples : guided;
    }

    /// <summary>The guided output of some samples.</summary>
    /// <param name="step">The step.</param>
    /// <param name="cond">The condition's output, guided channels alone.</param>
    /// <param name="uncond">The unconditional one.</param>
    /// <param name="samples">Their samples.</param>
    protected abstract Tensor Guide(StepInfo step, Tensor cond, Tensor uncond, IReadOnlyList<int> samples);

    /// <summary>The output on the guided channels, with what the condition's has behind it.</summary>
    protected Tensor WithVariance(Tensor guided, Tensor cond) =>
        cond.size(1) == guided.size(1) ? guided : cat([guided, cond.narrow(1, guided.size(1), cond.size(1) - guided.size(1))], 1);

    // Variance logits and unguided channels are the condition's.
    private Tensor OnChannels(StepInfo step, Tensor cond, Tensor uncond, IReadOnlyList<int> samples) => cond.size(1) == _channels
        ? Guide(step, cond, uncond, samples)
        : WithVariance(Guide(step, cond.narrow(1, 0, _channels), uncond.narrow(1, 0, _channels), samples), cond);
}
