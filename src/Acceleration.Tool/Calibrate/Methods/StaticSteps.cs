namespace Acceleration.Tool;

/// <summary>Steps that a decision known beforehand computes.</summary>
internal static class StaticSteps
{
    public static IEnumerable<int> Computed(StaticWhen when, Sampler sampler)
    {
        var grid = sampler.Stages[0].Grid;
        return Enumerable.Range(0, sampler.Steps).Where(i => !when.Skips(new StepInfo(0, i, 0, grid, grid.Points[i])));
    }
}
