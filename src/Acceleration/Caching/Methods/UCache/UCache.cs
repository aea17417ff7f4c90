namespace Acceleration;

/// <summary>
/// stable-diffusion.cpp's cache mode <c>ucache</c>, for UNets: whole network calls are skipped while the predicted change of the output, in units of what is usual, adds up to less than a threshold; the last increment is added to the fresh input.
/// </summary>
/// <param name="Threshold">τ, at least 0; 0 never skips. Published: 1.</param>
/// <param name="Start">Share of the steps before which all are computed. Published: 0.15, of the noise levels.</param>
/// <param name="Stop">Share of the steps from which on all are computed. Published: 0.95, of the noise levels.</param>
[Entry("ucache", "UC")]
public sealed record UCache(double Threshold = 1, double Start = 0.15, double Stop = 0.95) : CacheMethod
{
    /// <summary>τ.</summary>
    [InTag]
    [AtLeast(0)]
    public double Threshold { get; init => field = Require.AtLeast(0.0, value); } = Require.AtLeast(0.0, Threshold, nameof(Threshold));

    /// <summary>Share of the steps before which all are computed.</summary>
    [InTag("from")]
    [Within(0, 1)]
    public double Start { get; init => field = Require.Within(0, 1.0, value); } = Require.Within(0, 1.0, Start, nameof(Start));

    /// <summary>Share of the steps from which on all are computed.</summary>
    [InTag("to")]
    [Within(0, 1)]
    public double Stop { get; init => field = Require.Within(0, 1.0, value); } = Require.Within(0, 1.0, Stop, nameof(Stop));

    /// <summary>What is left of the sum from one skipped step to the next, 0..1.</summary>
    [InTag("d")]
    [Within(0, 1)]
    public double Decay { get; init => field = Require.Within(0, 1.0, value); } = 1;

    /// <summary>Whether the input's move is taken since the last computed step, as published, instead of the last one.</summary>
    [InTag("c")]
    public bool SinceComputed { get; init; }

    /// <summary>Whether the threshold grows with the share of steps that were computed, as published, instead of with the share of steps that lie behind.</summary>
    [InTag("g")]
    public bool ByComputed { get; init; }

    /// <summary>What is reused; published is the residual, for networks that predict ε the output serves better.</summary>
    [InTag]
    public Quantity Reuse { get; init; } = Quantity.Residual;

    /// <inheritdoc/>
    public override IReadOnlyList<Cached> Parts => [new(Where.Network, new ScaledDrift(Threshold, Start, Stop) { Decay = Decay, SinceComputed = SinceComputed, ByComputed = ByComputed }, new How(Reuse))];
}
