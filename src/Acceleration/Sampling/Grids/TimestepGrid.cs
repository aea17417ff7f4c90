namespace Acceleration;

/// <summary>Given training steps of a variance-preserving network: published, or found by a search.</summary>
/// <param name="Timesteps">At least one, strictly descending, below the number of training steps.</param>
[Entry("timesteps", "t")]
public sealed record TimestepGrid(IReadOnlyList<int> Timesteps) : IGrid
{
    /// <summary>The timesteps.</summary>
    [InTag]
    [Ordered(Descending = true)]
    public IReadOnlyList<int> Timesteps { get; init => field = Descending(value); } = Descending(Timesteps);

    /// <summary>Whether the last step arrives at the clean sample; else at the first training step's noise level.</summary>
    [InTag("first")]
    public bool EndsClean { get; init; } = true;

    /// <inheritdoc/>
    public Schedule On(DenoiserInfo network) => DdimSchedule.Through("timesteps", TrainingSteps.Of(network), [.. Timesteps.Select(t => (long)t)], EndsClean);

    private static IReadOnlyList<int> Descending(IReadOnlyList<int> timesteps)
    {
        ArgumentNullException.ThrowIfNull(timesteps);
        return timesteps.Count > 0 && timesteps[^1] >= 0 && timesteps.Zip(timesteps.Skip(1)).All(p => p.First > p.Second)
            ? ValueList.Of(timesteps)
            : throw new ArgumentException($"Timesteps descend strictly and are not negative; got {PlanException.Shorten(string.Join(", ", timesteps))}.", nameof(Timesteps));
    }
}
