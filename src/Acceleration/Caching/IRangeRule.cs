namespace Acceleration;

/// <summary>Which blocks of a chain are skipped in a step.</summary>
public interface IRangeRule
{
    /// <summary>Short form for tags.</summary>
    string Tag { get; }

    /// <summary>The range a skipped step leaves out: [From, To), empty for none.</summary>
    (int From, int To) At(StepInfo step, int blocks);

    /// <summary>
    /// The distinct ranges that a computed step must remember: those of the skipped steps that can follow it, <paramref name="horizon"/> at most.
    /// </summary>
    IReadOnlyList<(int From, int To)> Upcoming(StepInfo step, int blocks, int horizon) =>
        [.. Enumerable.Range(step.Index + 1, Math.Min(horizon, step.Count - 1 - step.Index))
            .Select(i => At(step with { Index = i }, blocks))
            .Where(r => r.From < r.To)
            .Distinct()];

    /// <summary>Why the rule cannot serve a chain, or null.</summary>
    string? Refuse(Site chain);
}
