namespace Acceleration;

/// <summary>
/// Frequency-decoupled guidance (2025, arXiv 2506.19713): a scale for each level of a Laplacian pyramid, g_l = u_l + s_l·(c_l − u_l), for example 10 for fine detail and 5 for the rest. Works over height and width, frame by frame; each
/// level may have an interval, a rescale and a weight of the part along the condition of its own. Sides that the pyramid cannot halve are padded by reflection and cut again.
/// </summary>
/// <param name="Levels">1 to 16 levels, the finest first; where all have a scale within 1e-9 of 1 the condition alone is evaluated.</param>
[Entry("fdg", "FDG")]
public sealed record FrequencyDecoupledGuidance(IReadOnlyList<FrequencyLevel> Levels) : IStrategy
{
    /// <summary>Most levels: each halves the sides.</summary>
    private const int Most = 16;

    /// <summary>The levels, the finest first.</summary>
    [InTag]
    public IReadOnlyList<FrequencyLevel> Levels { get; init => field = Checked(value); } = Checked(Levels);

    /// <summary>Where the sums start: the same up to rounding, as long as the difference stays as it is.</summary>
    [InTag("from")]
    public GuidanceBase Base { get; init; }

    /// <inheritdoc/>
    public string Tag => PlanTag.Of(this);

    /// <inheritdoc/>
    public Requirements Needs => PairNeeds.Of(Strongest) with { Refuse = Unfit };

    /// <summary>What others see as the scale: the one that is farthest from 1.</summary>
    internal double Strongest => Levels.MaxBy(l => Math.Abs(l.Scale - 1))!.Scale;

    /// <summary>Levels of these scales, the finest first.</summary>
    public static FrequencyDecoupledGuidance At(params ReadOnlySpan<double> scales) => new([.. scales.ToArray().Select(s => new FrequencyLevel(s))]);

    /// <inheritdoc/>
    public IRun Begin(RunInfo info, RunStore store) => new FrequencyDecoupledRun(this, info.Network);

    private static IReadOnlyList<FrequencyLevel> Checked(IReadOnlyList<FrequencyLevel> levels)
    {
        ArgumentNullException.ThrowIfNull(levels, nameof(Levels));
        return levels.Count is >= 1 and <= Most && !levels.Contains(null!)
            ? ValueList.Of(levels)
            : throw new ArgumentException($"A pyramid has 1 to {Most} levels, none of them null; got {levels.Count}.", nameof(Levels));
    }

    private static string? Unfit(RunInfo info) =>
        info.Network.SampleSize.Count < 3 ? $"a pyramid needs latents of height and width; they are [{string.Join(", ", info.Network.SampleSize)}]." : null;
}
