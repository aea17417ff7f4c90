namespace Acceleration;

internal sealed class GuidanceIntervalRun(IGuidedSteps guided) : Run, IBranchWindow
{
    // Terms beside the guidance (skipped layers, perturbed attention) have intervals of their own.
    public bool Includes(StepInfo step, int branch) => !(branch is Branch.Unconditional or Branch.Weak || Branch.IsOther(branch)) || guided.Includes(step.Grid, step.Index);
}
