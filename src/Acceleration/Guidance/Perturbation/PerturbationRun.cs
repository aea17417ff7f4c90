using static TorchSharp.torch;

namespace Acceleration;

/// <summary>Asks for the weakened branch in its steps, and adds its term for the samples that have one.</summary>
internal abstract class PerturbationRun(PerturbationGuidance guidance, DenoiserInfo network) : Run, IGuidanceTerm
{
    private readonly int[] _branch = [guidance.OwnBranch];

    public IReadOnlyList<int> Branches(StepInfo step) => guidance.Includes(step) ? _branch : [];

    public Value Apply(StepInfo step, Value combined, BranchOutputs outputs)
    {
        var perturbed = outputs.SamplesOf(guidance.OwnBranch);
        if (perturbed.Count == 0)
        {
            return combined;
        }

        var parts = perturbed.GroupBy(s => BaseOf(s, outputs)).Select(g => (Base: g.Key, Samples: g.ToArray()))
            .Select(g => (g.Samples, Guide(g.Base, outputs.Among(combined.Main, g.Samples), outputs.For(Branch.Conditional, g.Samples), outputs.For(guidance.OwnBranch, g.Samples)))).ToList();
        if (outputs.Samples.Except(perturbed).ToArray() is { Length: > 0 } rest)
        {
            parts.Add((rest, outputs.Among(combined.Main, rest)));
        }

        return combined with { Main = outputs.Join(parts) };
    }

    /// <summary>Positions of the rows of its branch.</summary>
    protected int[] Own(RowSet rows) => rows.Positions(r => r.Branch == guidance.OwnBranch);

    private Base BaseOf(int sample, BranchOutputs outputs) =>
        guidance.Original || outputs.IsGuided(sample) ? Base.Combined
        : outputs.HasOtherBranch(sample, guidance.OwnBranch) ? Base.OtherPerturbation
        : Base.Perturbed;

    private Tensor Guide(Base from, Tensor combined, Tensor cond, Tensor perturbed)
    {
        // Variance logits are what they were.
        var channels = Math.Min(network.Channels, cond.size(1));
        var (g, c, p) = (combined.narrow(1, 0, channels), cond.narrow(1, 0, channels), perturbed.narrow(1, 0, channels));
        var shift = c - p;
        var guided = from switch
        {
            Base.Combined => g.Plus(shift.Times(guidance.Scale)),
            Base.Perturbed => p.Plus(shift.Times(guidance.Scale)),
            // p + s·(c − p) = c + (s − 1)·(c − p), on what the other one made of c.
            _ => g.Plus(shift.Times(guidance.Scale - 1)),
        };
        return channels == cond.size(1) ? guided : cat([guided, combined.narrow(1, channels, combined.size(1) - channels)], 1);
    }

    /// <summary>What the term is added to.</summary>
    private enum Base
    {
        Combined,
        Perturbed,
        OtherPerturbation,
    }
}
