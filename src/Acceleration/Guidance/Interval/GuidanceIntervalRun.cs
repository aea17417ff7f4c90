namespace Acceleration;

internal sealed class GuidanceIntervalRun(IGuidedSteps guided) : Run, IBranchWindow
{
    // Other branches change the network, not what it is told.
    public bool Includes(StepInfo step, int branch) => !(branch == Branch.Unconditional || Branch.IsOther(branch)) || guided.Includes(step.Grid, step.Index);
}
