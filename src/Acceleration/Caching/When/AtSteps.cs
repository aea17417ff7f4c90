namespace Acceleration;

/// <summary>Computes exactly the given steps: published masks, or the result of a search.</summary>
[Entry("steps", "at")]
public sealed record AtSteps : StaticWhen
{
    private readonly HashSet<int> _computed;

    /// <summary>Names the computed steps.</summary>
    /// <param name="steps">0-based, strictly ascending, beginning with 0.</param>
    /// <exception cref="ArgumentException">Not ascending, or not beginning with 0.</exception>
    public AtSteps(params IReadOnlyList<int> steps)
    {
        ArgumentNullException.ThrowIfNull(steps);
        if (steps.Count == 0 || steps[0] != 0 || steps.Zip(steps.Skip(1)).Any(p => p.First >= p.Second))
        {
            throw new ArgumentException($"Computed steps ascend strictly and begin with 0; got {PlanException.Shorten(string.Join(", ", steps))}.", nameof(steps));
        }

        Steps = ValueList.Of(steps);
        _computed = [.. steps];
    }

    /// <summary>The computed steps.</summary>
    [InTag]
    [Ordered(First = 0)]
    public IReadOnlyList<int> Steps { get; }

    /// <inheritdoc/>
    public override bool Skips(StepInfo step) => !_computed.Contains(step.Index);

    /// <inheritdoc/>
    public bool Equals(AtSteps? other) => other is not null && Steps.SequenceEqual(other.Steps);

    /// <inheritdoc/>
    public override int GetHashCode() => Steps.Aggregate(17, HashCode.Combine);
}
