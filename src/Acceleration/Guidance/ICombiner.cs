namespace Acceleration;

/// <summary>How branch outputs become one prediction.</summary>
public interface ICombiner : IRun
{
    /// <summary>Branches it would like in this step, the conditional one first.</summary>
    IReadOnlyList<int> Branches(StepInfo step);

    /// <summary>
    /// Combines them for all samples of <paramref name="outputs"/>. <see cref="Value.Main"/> is the prediction; <see cref="Value.Text"/> the prediction used for re-noising where
    /// it differs (CFG++), else null.
    /// </summary>
    Value Combine(StepInfo step, BranchOutputs outputs);
}
