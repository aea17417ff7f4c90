namespace Acceleration;

/// <summary>
/// A part of a line: y₀ + α·(y₁ − y₀), y₀ the last entry and y₁ the line through the last two. α may differ with the number of steps since the last entry, as fitted by <see cref="DampingFit"/>; α = 1 is
/// the line, 0 the last entry. The blend is ScalingCache's (ICLR 2026), whose program is not public; its weight w with <see cref="Undivided"/> is FasterCache's (arXiv 2410.19355). Exact for constants, with
/// α = 1 for lines. Keeps two entries; from one it repeats that.
/// </summary>
[Entry("damped", "damped")]
public sealed record Damped : IForecast
{
    /// <summary>Chooses the factors.</summary>
    /// <param name="factors">α for 1, 2, ... steps since the last entry, the last one for all later steps; finite, at least one.</param>
    /// <exception cref="ArgumentException">There is none, or one is not finite.</exception>
    public Damped(params IReadOnlyList<double> factors)
    {
        ArgumentNullException.ThrowIfNull(factors);
        if (factors.Count == 0 || !factors.All(double.IsFinite))
        {
            throw new ArgumentException($"Factors are finite numbers, at least one; got [{PlanException.Shorten(string.Join(", ", factors.Select(f => FormattableString.Invariant($"{f}"))))}].", nameof(factors));
        }

        Factors = ValueList.Of(factors);
    }

    /// <summary>α for 1, 2, ... steps since the last entry, the last one for all later steps.</summary>
    [InTag]
    public IReadOnlyList<double> Factors { get; }

    /// <summary>Whether the last difference is added as it is, whatever the distance it was taken over and the distance to go: FasterCache as published.</summary>
    [InTag("u")]
    public bool Undivided { get; init; }

    /// <inheritdoc/>
    public string Tag => PlanTag.Of(this);

    /// <inheritdoc/>
    public int Depth => 2;

    /// <inheritdoc/>
    public int AtLeast => 1;

    /// <inheritdoc/>
    public string? Refuse(Abscissa over) =>
        Factors.Count > 1 && over != Abscissa.Step ? $"{Tag} has factors for 1 to {Factors.Count} steps, which {over} does not count; use {nameof(Abscissa)}.{nameof(Abscissa.Step)}, or one factor." : null;

    /// <inheritdoc/>
    public double[] Weights(ReadOnlySpan<double> nodes, double target)
    {
        if (nodes.Length == 1)
        {
            return [1];
        }

        var steps = Factors.Count == 1 ? 1 : (int)Math.Clamp(Math.Round(Math.Abs(target - nodes[0])), 1, Factors.Count);
        var slope = Factors[steps - 1] * (Undivided ? 1 : (target - nodes[0]) / (nodes[0] - nodes[1]));
        return [1 + slope, -slope];
    }
}
