namespace Acceleration;

/// <summary>
/// Where in the trajectory something happens. <see cref="Index"/>, <see cref="Count"/> and <see cref="Progress"/> are the stage's: stages decide anew, as strategies forget what they remember between them.
/// <see cref="RunIndex"/>, <see cref="RunCount"/> and <see cref="RunProgress"/> count over all stages, for what follows the whole trajectory. Without stages both are the same.
/// </summary>
/// <param name="Stage">Stage index, 0 for plain sampling.</param>
/// <param name="Index">Step within the stage, 0 is the noisiest.</param>
/// <param name="Call">Network call within the step; above 0 for solvers of several calls.</param>
/// <param name="Grid">Noise levels of the stage.</param>
/// <param name="At">Noise level of this call.</param>
public sealed record StepInfo(int Stage, int Index, int Call, Schedule Grid, GridPoint At)
{
    /// <summary>Steps of this stage.</summary>
    public int Count => Grid.Steps;

    /// <summary>Whether this is the stage's last step.</summary>
    public bool IsLast => Index == Count - 1;

    /// <summary>Share of this stage's steps that lie before this one, 0 to below 1.</summary>
    public double Progress => (double)Index / Count;

    /// <summary>Steps of the stages before this one; 0 for plain sampling.</summary>
    public int StepsBefore { get; init; }

    /// <summary>Steps of the stages after this one; 0 for plain sampling.</summary>
    public int StepsAfter { get; init; }

    /// <summary>Step within the run, over all stages; 0 is the noisiest of the first stage.</summary>
    public int RunIndex => StepsBefore + Index;

    /// <summary>Steps of all stages.</summary>
    public int RunCount => StepsBefore + Count + StepsAfter;

    /// <summary>Share of the run's steps that lie before this one, 0 to below 1.</summary>
    public double RunProgress => (double)RunIndex / RunCount;

    /// <summary>A call of a run with these stages.</summary>
    internal static StepInfo Of(IReadOnlyList<Schedule> stages, int stage, int index, int call, GridPoint at)
    {
        var before = 0;
        var after = 0;
        for (var s = 0; s < stages.Count; s++)
        {
            before += s < stage ? stages[s].Steps : 0;
            after += s > stage ? stages[s].Steps : 0;
        }

        return new(stage, index, call, stages[stage], at) { StepsBefore = before, StepsAfter = after };
    }

    /// <summary>The first calls of all steps of a run with these stages.</summary>
    internal static IEnumerable<StepInfo> All(IReadOnlyList<Schedule> stages) =>
        stages.SelectMany((grid, stage) => Enumerable.Range(0, grid.Steps).Select(i => Of(stages, stage, i, 0, grid.Points[i])));

    /// <summary>The first call of another step of this stage, 0 to below <see cref="Count"/>: for decisions that look back or ahead.</summary>
    public StepInfo Other(int index) => this with { Index = index, Call = 0, At = Grid.Points[index] };

    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant($"step {Index + 1} of {Count} (time {At.Time:0.###}{(Stage > 0 ? $", stage {Stage + 1}" : "")}{(Call > 0 ? $", call {Call + 1}" : "")})");
}
