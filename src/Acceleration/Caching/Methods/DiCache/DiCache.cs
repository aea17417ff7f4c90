namespace Acceleration;

/// <summary>
/// DiCache (Bu et al., 2025, arXiv 2508.17356): the first blocks always run and tell both when the rest may be skipped, by how far they moved, and how it is approximated, by where they lie on their own line.
/// </summary>
/// <param name="Threshold">τ, at least 0; 0 never skips. Published: 0.4 (FLUX), 0.1 (HunyuanVideo), 0.08 (Wan 2.1).</param>
/// <param name="Probe">m: blocks that always run, at least 1. Published: 1 to 5.</param>
/// <param name="Warmup">ρ: share of the steps that are computed at the start, 0..1. Published: 0.2.</param>
[Entry("diCache", "DIC")]
public sealed record DiCache(double Threshold = 0.4, int Probe = 1, double Warmup = 0.2) : CacheMethod
{
    /// <summary>τ.</summary>
    [InTag]
    [AtLeast(0)]
    public double Threshold { get; init => field = Require.AtLeast(0.0, value); } = Require.AtLeast(0.0, Threshold, nameof(Threshold));

    /// <summary>m: blocks that always run.</summary>
    [InTag("m")]
    [AtLeast(1)]
    public int Probe { get; init => field = Require.AtLeast(1, value); } = Require.AtLeast(1, Probe, nameof(Probe));

    /// <summary>ρ: share of the steps that are computed at the start.</summary>
    [InTag("w")]
    [Within(0.0, 1.0)]
    public double Warmup { get; init => field = Require.Within(0.0, 1.0, value); } = Require.Within(0.0, 1.0, Warmup, nameof(Warmup));

    /// <summary>Whether the change of the input is taken off that of the probe; published with τ 0.08 and ρ 0 for FLUX.</summary>
    [InTag("d")]
    public bool Difference { get; init; }

    /// <summary>Most that the line may run ahead. Published: 1.5 (FLUX), 2 (Wan 2.1).</summary>
    [InTag("x")]
    [AtLeast(1.0)]
    public double Most { get; init => field = Require.AtLeast(1.0, value); } = 1.5;

    /// <summary>Whether the last step is computed, as published for FLUX.</summary>
    [InTag("f")]
    public bool ForceLast { get; init; } = true;

    /// <inheritdoc/>
    public override IReadOnlyList<Cached> Parts =>
        [new(Where.Chain, new ProbeDrift(Threshold, Warmup, ForceLast ? 1 : 0) { Difference = Difference }, new ProbeLine(Most)) { Range = new MiddleBlocks(Probe), Against = ResidualInput.Chain }];
}
