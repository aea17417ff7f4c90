namespace Acceleration.Tests.Caching;

/// <summary>Steps for decisions that are known beforehand: a straight flow from 1 to 0, times from 1000.</summary>
internal static class Steps
{
    public static StepInfo At(int index, int count)
    {
        var grid = Schedule.Through("straight", [.. Enumerable.Range(0, count + 1).Select(i => 1 - ((float)i / count)).Select(s => new GridPoint(1000 * s, 1 - s, s))]);
        return new(0, index, 0, grid, grid.Points[index]);
    }

    /// <summary>The steps of a run that a decision computes.</summary>
    public static int[] Computed(this StaticWhen when, int count) => [.. Enumerable.Range(0, count).Where(i => !when.Skips(At(i, count)))];
}
