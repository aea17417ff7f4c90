namespace Acceleration;

/// <summary>Steps by number, both ends included: 17 to 22 of 32 are those of the published setting on EDM2.</summary>
/// <param name="First">First guided step, 0-based, 0 the noisiest.</param>
/// <param name="Last">Last guided step; null for the last of all; one below <paramref name="First"/>, no step is guided.</param>
[Entry("stepRange", "steps")]
public sealed record StepRange(int First = 0, int? Last = null) : IGuidedSteps
{
    /// <summary>First guided step.</summary>
    [InTag]
    [AtLeast(0)]
    public int First { get; init => field = Require.AtLeast(0, value); } = Require.AtLeast(0, First, nameof(First));

    /// <summary>Last guided step; null for the last of all.</summary>
    [InTag("to")]
    [AtLeast(-1)]
    public int? Last { get; init => field = Require.AtLeast(-1, value); } = Require.AtLeast(-1, Last, nameof(Last));

    /// <inheritdoc/>
    public bool Includes(Schedule grid, int step) => step >= First && !(step > Last);

    /// <inheritdoc/>
    public string? Refuse(RunInfo info)
    {
        ArgumentNullException.ThrowIfNull(info);
        var most = info.Stages.Max(s => s.Steps) - 1;
        return Last < First - 1 ? $"its last guided step {Last} comes before the first one, {First}."
            : Math.Max(First, Last ?? 0) > most ? $"it names step {Math.Max(First, Last ?? 0)}, and the last one is {most} (steps count from 0)."
            : null;
    }
}
