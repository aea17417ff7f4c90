namespace Acceleration;

/// <summary>What a statistic of trajectories looks at, and how far back.</summary>
/// <param name="Where">The sites. A network that has none of them is refused.</param>
public sealed record RecordedPlace(Where Where)
{
    /// <summary>Whether inputs are recorded.</summary>
    public bool Input { get; init; }

    /// <summary>Whether outputs are recorded.</summary>
    public bool Output { get; init; } = true;

    /// <summary>Whether the text stream follows the main one in inputs and outputs, where the network carries both: for what is kept or left out of both alike.</summary>
    public bool Text { get; init; }

    /// <summary>What is recorded of what the network publishes before these sites.</summary>
    public IReadOnlyList<Signal> Signals { get; init; } = [];

    /// <summary>Steps before the present one whose values stay at hand, at least 0: memory grows with it. <see cref="All"/> for all.</summary>
    public int LookBack { get; init => field = Require.AtLeast(0, value); }

    /// <summary>Every step before the present one stays at hand.</summary>
    public const int All = int.MaxValue;
}
