namespace Acceleration;

internal sealed class GuidanceIntervalRun(IGuidedSteps guided) : Run, IBranchWindow
{
    // Branches between the unconditional one and further conditions change the network, not what it is told.
    private const int FirstOfOthers = 100;

    public bool Includes(StepInfo step, int branch) => !IsCondition(branch) || guided.Includes(step.Grid, step.Index);

    private static bool IsCondition(int branch) => branch is Branch.Unconditional or (>= Branch.FirstOther and < FirstOfOthers);
}
