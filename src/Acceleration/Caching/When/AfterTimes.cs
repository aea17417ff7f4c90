namespace Acceleration;

/// <summary>Skips some steps after each of certain times, and no others: the hand-made lists of Pyramid Attention Broadcast for feed-forward parts. A time stands for the step that lies nearest to it, which is computed.</summary>
/// <param name="Times">Times of the network, 1000 for noise and 0 for pictures on flows; at least one.</param>
/// <param name="Steps">Steps that are skipped after each, at least 0; 0 skips none.</param>
[Entry("afterTimes", "after")]
public sealed record AfterTimes(IReadOnlyList<double> Times, int Steps) : StaticWhen
{
    /// <summary>Times of the network.</summary>
    [InTag]
    public IReadOnlyList<double> Times { get; init => field = Require.Finite(value); } = Require.Finite(Times, nameof(Times));

    /// <summary>Steps that are skipped after each.</summary>
    [InTag("n")]
    [AtLeast(0)]
    public int Steps { get; init => field = Require.AtLeast(0, value); } = Require.AtLeast(0, Steps, nameof(Steps));

    /// <inheritdoc/>
    public override bool Skips(StepInfo step)
    {
        ArgumentNullException.ThrowIfNull(step);
        int[] computed = [.. Times.Select(t => Nearest(step, t))];
        return !computed.Contains(step.Index) && Array.Exists(computed, c => c < step.Index && step.Index - c <= Steps);
    }

    private static int Nearest(StepInfo step, double time) => Enumerable.Range(0, step.Count).MinBy(i => Math.Abs(step.Grid.Points[i].Time - time));
}
