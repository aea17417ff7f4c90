namespace Acceleration;

internal sealed class GuidanceIntervalRun(IGuidedSteps guided) : Run, IBranchWindow
{
    // Branches between the unconditional one and further conditions change the network, not what it is told.
    private const int FirstFurtherCondition = 16;

    public bool Includes(StepInfo step, int branch) => branch is > Branch.Unconditional and < FirstFurtherCondition || guided.Includes(step.Grid, step.Index);
}
