namespace Acceleration;

/// <summary>
/// Frequency-decoupled guidance (2025, arXiv 2506.19713): a scale for each level of a Laplacian pyramid, g_l = u_l + s_l·(c_l − u_l), for example 10 for fine detail and 5 for the rest. Works over height and width, frame by frame; each
/// level may have an interval, a rescale and a weight of the part along the condition of its own. Sides that the pyramid cannot halve are padded by reflection and cut again.
/// </summary>
/// <param name="Scales">Guidance scale s of each level, the finest first; where all are within 1e-9 of 1 the condition alone is evaluated.</param>
[Entry("fdg", "FDG")]
public sealed record FrequencyDecoupledGuidance(IReadOnlyList<double> Scales) : IStrategy
{
    /// <summary>Most levels: finer ones halve a side of 2¹⁶.</summary>
    internal const int MostLevels = 16;

    /// <summary>Guidance scale s of each level, the finest first.</summary>
    [InTag]
    public IReadOnlyList<double> Scales { get; init => field = PerLevel.Checked(value, nameof(Scales), Require.Finite); } = PerLevel.Checked(Scales, nameof(Scales), Require.Finite);

    /// <summary>Weight of the part of c − u that points along c, for each level or one for all; null for 1, where the difference stays as it is.</summary>
    [InTag("along")]
    public IReadOnlyList<double>? AlongCondition { get; init => field = value is null ? null : PerLevel.Checked(value, nameof(AlongCondition), Require.Finite); }

    /// <summary>φ by which each level is brought back to the spread of the condition's, or one for all; null for 0. <see cref="GuidanceRescale"/> does the same to the whole.</summary>
    [InTag("phi")]
    public IReadOnlyList<double>? Rescale { get; init => field = value is null ? null : PerLevel.Checked(value, nameof(Rescale), PerLevel.Share); }

    /// <summary>Part of the steps at which guidance of each level begins, or one for all, as in <see cref="StepShare"/>; null for 0.</summary>
    [InTag("start")]
    public IReadOnlyList<double>? Starts { get; init => field = value is null ? null : PerLevel.Checked(value, nameof(Starts), PerLevel.Share); }

    /// <summary>Part of the steps at which guidance of each level ends, or one for all; null for 1.</summary>
    [InTag("stop")]
    public IReadOnlyList<double>? Stops { get; init => field = value is null ? null : PerLevel.Checked(value, nameof(Stops), PerLevel.Share); }

    /// <summary>Where the sums start: the same up to rounding, as long as the difference stays as it is.</summary>
    [InTag("from")]
    public GuidanceBase Base { get; init; }

    /// <inheritdoc/>
    public string Tag => PlanTag.Of(this);

    /// <inheritdoc/>
    public Requirements Needs => PairNeeds.Of(Strongest) with { Refuse = Unfit };

    /// <summary>What others see as the scale: the one that is farthest from 1.</summary>
    internal double Strongest => Scales.MaxBy(s => Math.Abs(s - 1));

    /// <inheritdoc/>
    public bool Equals(FrequencyDecoupledGuidance? other) =>
        other is not null && Base == other.Base && Lists.Zip(other.Lists, PerLevel.Same).All(same => same);

    /// <inheritdoc/>
    public override int GetHashCode() => Scales.Aggregate(HashCode.Combine(Base), HashCode.Combine);

    /// <inheritdoc/>
    public IRun Begin(RunInfo info, RunStore store) => new FrequencyDecoupledRun(this, info.Network);

    private IReadOnlyList<double>?[] Lists => [Scales, AlongCondition, Rescale, Starts, Stops];

    private string? Unfit(RunInfo info) =>
        Lists.FirstOrDefault(l => l is not null && l.Count != 1 && l.Count != Scales.Count) is { } wrong ? $"it has {Scales.Count} levels, and {wrong.Count} values for them; one for each, or one for all, is right."
        : info.Network.SampleSize.Count < 3 ? $"a pyramid needs latents of height and width; they are [{string.Join(", ", info.Network.SampleSize)}]."
        : null;
}
