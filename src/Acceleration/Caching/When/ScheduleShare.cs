namespace Acceleration;

/// <summary>Windows of a stage's steps, as shares.</summary>
internal static class ScheduleShare
{
    /// <summary>Whether a step lies before one share of the steps, or from another on.</summary>
    public static bool IsOutside(StepInfo step, double start, double stop) => step.Progress < start || step.Progress >= stop;
}
