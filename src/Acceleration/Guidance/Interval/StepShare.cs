namespace Acceleration;

/// <summary>Steps by their part of the trajectory: those from ⌊Start·N⌋ on and before ⌊Stop·N⌋, products in float64, as in the guiders of diffusers. N counts the steps of a stage.</summary>
/// <param name="Start">Begin of the interval, 0..1.</param>
/// <param name="Stop">End of the interval, 0..1; as large as <paramref name="Start"/>, no step is guided.</param>
[Entry("stepShare", "share")]
public sealed record StepShare(double Start = 0, double Stop = 1) : IGuidedSteps
{
    /// <summary>Begin of the interval.</summary>
    [InTag]
    [Within(0, 1)]
    public double Start { get; init => field = Require.Within(0.0, 1.0, value); } = Require.Within(0.0, 1.0, Start, nameof(Start));

    /// <summary>End of the interval.</summary>
    [InTag("to")]
    [Within(0, 1)]
    public double Stop { get; init => field = Require.Within(0.0, 1.0, value); } = Require.Within(0.0, 1.0, Stop, nameof(Stop));

    /// <inheritdoc/>
    public bool Includes(Schedule grid, int step)
    {
        ArgumentNullException.ThrowIfNull(grid);
        return step >= (int)(Start * grid.Steps) && step < (int)(Stop * grid.Steps);
    }

    /// <inheritdoc/>
    public string? Refuse(RunInfo info) => Stop < Start ? FormattableString.Invariant($"its interval ends at {Stop} of the steps, before it begins at {Start}.") : null;
}
