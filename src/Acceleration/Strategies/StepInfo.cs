namespace Acceleration;

/// <summary>Where in the trajectory something happens.</summary>
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

    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant($"step {Index + 1} of {Count} (time {At.Time:0.###}{(Stage > 0 ? $", stage {Stage + 1}" : "")}{(Call > 0 ? $", call {Call + 1}" : "")})");
}
