namespace Acceleration;

/// <summary>
/// How a network is to be sampled: solver, schedule or stages, guidance and strategies. Made in code, read from JSON, or from a tag on the command line, it is the same object. What it leaves
/// open is the sampler's choice. Immutable; plans of equal parts are equal.
/// </summary>
public sealed partial record AccelerationPlan
{
    /// <summary>The version of the format that this library writes and reads.</summary>
    public const int Version = 1;

    /// <summary>Guidance and strategies a plan may have together: several for every block of the deepest networks, while each pair of them must be checked.</summary>
    public const int MostStrategies = 1000;

    /// <summary>Name of the file it was loaded from or saved to, without the extension; null for none. No part of what it says.</summary>
    public string? Name { get; internal init; }

    /// <summary>How predictions move the latents; null to leave it open.</summary>
    public ISolver? Solver { get; init; }

    /// <summary>The noise levels of a run at one resolution; null to leave them open, or where there are stages.</summary>
    public IGrid? Schedule { get; init; }

    /// <summary>Stages of different resolution, which bring their noise levels; null for none.</summary>
    public IStaging? Stages { get; init; }

    /// <summary>Bounds on predicted clean samples; null for none.</summary>
    public SampleClip? Clip { get; init; }

    /// <summary>Which guidance branches are evaluated, and how they are combined: strategies that choose or combine branches, or have another part in it.</summary>
    /// <exception cref="ArgumentException">One has no part in guidance.</exception>
    public IReadOnlyList<IStrategy> Guidance
    {
        get;
        init => field = Kept(value, nameof(Guidance), s => IsGuidance(s) ? null : $"{PlanException.Shorten(s.Tag)} has no part in guidance; it belongs to the strategies.");
    }

    = [];

    /// <summary>All other strategies.</summary>
    /// <exception cref="ArgumentException">One has a part in guidance.</exception>
    public IReadOnlyList<IStrategy> Strategies
    {
        get;
        init => field = Kept(value, nameof(Strategies), s => IsGuidance(s) ? $"{PlanException.Shorten(s.Tag)} has a part in guidance; it belongs to the guidance." : null);
    }

    = [];

    /// <summary>Whether guidance branches are evaluated in calls of their own: less memory, the same result.</summary>
    public bool SeparateBranches { get; init; }

    /// <summary>What it was made for; null for anything.</summary>
    public Calibration? Calibration { get; init; }

    /// <summary>A plan of strategies alone, guidance and others told apart.</summary>
    public static AccelerationPlan Of(params IReadOnlyList<IStrategy> strategies)
    {
        ArgumentNullException.ThrowIfNull(strategies);
        return new() { Guidance = [.. strategies.Where(IsGuidance)], Strategies = [.. strategies.Where(s => !IsGuidance(s))] };
    }

    /// <inheritdoc/>
    public bool Equals(AccelerationPlan? other) =>
        other is not null && Equals(Solver, other.Solver) && Equals(Schedule, other.Schedule) && Equals(Stages, other.Stages) && Equals(Clip, other.Clip)
        && SeparateBranches == other.SeparateBranches && Equals(Calibration, other.Calibration)
        && Guidance.SequenceEqual(other.Guidance) && Strategies.SequenceEqual(other.Strategies);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(
        Solver, Schedule, Stages, Clip, SeparateBranches, Calibration, Guidance.Aggregate(17, HashCode.Combine), Strategies.Aggregate(17, HashCode.Combine));

    /// <summary>Its tag.</summary>
    public override string ToString() => Tag;

    /// <summary>Whether a strategy has a part in guidance.</summary>
    internal static bool IsGuidance(IStrategy strategy) => strategy.Needs.IsGuidance;

    /// <summary>Refuses what no sampler could do.</summary>
    internal void RequireConsistent()
    {
        if (Stages is not null && Schedule is not null)
        {
            throw new PlanException("schedule", "stages bring their own noise levels; keep one of the two.");
        }

        if (Guidance.Count + Strategies.Count > MostStrategies)
        {
            throw new PlanException("strategies", $"{Guidance.Count + Strategies.Count} strategies are too many; {MostStrategies} at most.");
        }

        if (Clip is not null && Solver is null)
        {
            throw new PlanException("clip", "bounds belong to a solver, which the plan leaves open; name it.");
        }
    }

    private static IReadOnlyList<IStrategy> Kept(IReadOnlyList<IStrategy> strategies, string name, Func<IStrategy, string?> refuse)
    {
        ArgumentNullException.ThrowIfNull(strategies, name);
        return strategies.Select(refuse).FirstOrDefault(r => r is not null) is { } reason ? throw new ArgumentException(reason, name) : [.. strategies];
    }
}
