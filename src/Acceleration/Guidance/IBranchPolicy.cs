using static TorchSharp.torch;

namespace Acceleration;

/// <summary>Which guidance branches a step evaluates, for each sample. How they are combined is <see cref="ICombiner"/>'s choice.</summary>
public interface IBranchPolicy : IRun
{
    /// <summary>The rows to evaluate.</summary>
    /// <param name="step">The step.</param>
    /// <param name="wanted">Branches the combiner would like for every sample.</param>
    /// <param name="before">The samples of this prediction and their latents; no branch has an output yet.</param>
    BranchPlan Plan(StepInfo step, IReadOnlyList<int> wanted, BranchOutputs before);

    /// <summary>A stand-in for a branch that was not evaluated for <paramref name="samples"/>, [samples, ...], or null for none.</summary>
    Tensor? Estimate(StepInfo step, int branch, IReadOnlyList<int> samples, BranchOutputs outputs);

    /// <summary>Sees the evaluated branches, before they are combined.</summary>
    void Observe(StepInfo step, BranchOutputs outputs);
}
