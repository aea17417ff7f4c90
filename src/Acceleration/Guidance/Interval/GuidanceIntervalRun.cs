namespace Acceleration;

internal sealed class GuidanceIntervalRun(IGuidedSteps guided) : Run, IBranchWindow
{
    public bool Includes(StepInfo step, int branch) => branch is > Branch.Unconditional and < Branch.FirstOther || guided.Includes(step.Grid, step.Index);
}
