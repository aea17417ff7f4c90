namespace Acceleration;

/// <summary>
/// TeaCache (Liu et al., 2024, arXiv 2411.19108): skips all blocks while the change of the time-modulated input of the first one, through a polynomial fitted to the network, sums up to less than a threshold,
/// and adds what the blocks last added to their input.
/// </summary>
/// <param name="Threshold">τ, at least 0; 0 never skips. Published: 0.25 to 0.8 (FLUX), 0.05 to 0.3 (Wan 2.1), 0.1 and 0.15 (HunyuanVideo).</param>
/// <param name="Coefficients">Of the polynomial, highest power first: <see cref="TeaCacheTables"/> has those published, <see cref="ChangePolynomial"/> fits others to recorded changes. [1, 0] takes the change as it is.</param>
[Entry("teaCache", "TEA")]
public sealed record TeaCache(double Threshold, IReadOnlyList<double> Coefficients) : CacheMethod
{
    /// <summary>τ.</summary>
    [InTag]
    [AtLeast(0)]
    public double Threshold { get; init => field = Require.AtLeast(0.0, value); } = Require.AtLeast(0.0, Threshold, nameof(Threshold));

    /// <summary>Of the polynomial, highest power first.</summary>
    [InTag("p")]
    public IReadOnlyList<double> Coefficients { get; init => field = Require.Finite(value); } = Require.Finite(Coefficients, nameof(Coefficients));

    /// <summary>What is watched: the modulated input, or the time embedding as published for Wan, CogVideoX and HiDream, where decisions do not depend on the prompt.</summary>
    [InTag("s")]
    public Signal On { get; init; } = Signal.ModulatedInput;

    /// <summary>Steps computed at the start, at least 1. Published: 1, or 5 with the second tables of Wan.</summary>
    [InTag("w")]
    [AtLeast(1)]
    public int Warmup { get; init => field = Require.AtLeast(1, value); } = 1;

    /// <summary>Steps computed at the end. Published: 1, or 0 with the second tables of Wan.</summary>
    [InTag("t")]
    [AtLeast(0)]
    public int Tail { get; init => field = Require.AtLeast(0, value); } = 1;

    /// <summary>Whether a polynomial below zero counts as no change; as published, it takes back what was summed before.</summary>
    [InTag("c")]
    public bool Clamps { get; init; }

    /// <summary>Whether guidance branches decide apart, as published for Wan.</summary>
    [InTag("b")]
    public bool Apart { get; init; }

    /// <inheritdoc/>
    public override IReadOnlyList<Cached> Parts =>
        [new(Where.Chain, new SignalDrift(Threshold, Coefficients) { On = On, Warmup = Warmup, Tail = Tail, Clamps = Clamps, Apart = Apart }, How.LastResidual)];
}
