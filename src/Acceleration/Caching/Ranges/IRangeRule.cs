namespace Acceleration;

/// <summary>Which blocks of a chain are skipped in a step.</summary>
public interface IRangeRule
{
    /// <summary>Short form for tags.</summary>
    string Tag { get; }

    /// <summary>The ranges that a skipped step leaves out: ascending, apart from each other, none empty. None at all where such a step computes everything.</summary>
    IReadOnlyList<BlockRange> At(StepInfo step, int blocks);

    /// <summary>
    /// The distinct ranges that a computed step must remember: those of the skipped steps that can follow it, <paramref name="horizon"/> at most.
    /// </summary>
    IReadOnlyList<BlockRange> Upcoming(StepInfo step, int blocks, int horizon) =>
        [.. Enumerable.Range(step.Index + 1, Math.Min(horizon, step.Count - 1 - step.Index)).SelectMany(i => At(step.Other(i), blocks)).Distinct()];

    /// <summary>Why the rule cannot serve a chain, or null.</summary>
    string? Refuse(Site chain);
}
