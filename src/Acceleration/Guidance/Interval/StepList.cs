namespace Acceleration;

/// <summary>Steps by number, one by one: the result of a search.</summary>
[Entry("stepList", "at")]
public sealed record StepList : IGuidedSteps
{
    private readonly HashSet<int> _guided;

    /// <summary>Names the guided steps.</summary>
    /// <param name="steps">0-based, strictly ascending, at least one.</param>
    /// <exception cref="ArgumentException">None, not ascending, or negative.</exception>
    public StepList(params IReadOnlyList<int> steps)
    {
        ArgumentNullException.ThrowIfNull(steps);
        if (steps.Count == 0 || steps[0] < 0 || steps.Zip(steps.Skip(1)).Any(p => p.First >= p.Second))
        {
            throw new ArgumentException($"Guided steps are at least one, not negative and strictly ascending; got {PlanException.Shorten(string.Join(", ", steps))}.", nameof(steps));
        }

        Steps = [.. steps];
        _guided = [.. steps];
    }

    /// <summary>The guided steps.</summary>
    [InTag]
    [Ordered]
    public IReadOnlyList<int> Steps { get; }

    /// <inheritdoc/>
    public bool Includes(Schedule grid, int step) => _guided.Contains(step);

    /// <inheritdoc/>
    public string? Refuse(RunInfo info)
    {
        ArgumentNullException.ThrowIfNull(info);
        var most = info.Stages.Max(s => s.Steps) - 1;
        return Steps[^1] > most ? $"it names step {Steps[^1]}, and the last one is {most} (steps count from 0)." : null;
    }

    /// <inheritdoc/>
    public bool Equals(StepList? other) => other is not null && Steps.SequenceEqual(other.Steps);

    /// <inheritdoc/>
    public override int GetHashCode() => Steps.Aggregate(17, HashCode.Combine);
}
