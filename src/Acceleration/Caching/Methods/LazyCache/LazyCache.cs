namespace Acceleration;

/// <summary>
/// ComfyUI's LazyCache: <see cref="EasyCache"/> on the guided prediction, so that one entry serves any guidance and network. Its input's move is taken since the last computed step, on every 8th element, within a window of the schedule.
/// </summary>
/// <param name="Threshold">τ, at least 0; 0 never skips. Published: 0.2.</param>
/// <param name="Start">Share of the steps before which all are computed. Published: 0.15, of the noise levels.</param>
/// <param name="Stop">Share of the steps from which on all are computed. Published: 0.95, of the noise levels.</param>
[Entry("lazyCache", "LAZY")]
public sealed record LazyCache(double Threshold = 0.2, double Start = 0.15, double Stop = 0.95) : CacheMethod
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

    /// <summary>One in so many elements is measured.</summary>
    [InTag("n")]
    [AtLeast(1)]
    public int Stride { get; init => field = Require.AtLeast(1, value); } = 8;

    /// <summary>What is reused; published is the residual, for networks that predict ε the output serves better.</summary>
    [InTag]
    public Quantity Reuse { get; init; } = Quantity.Residual;

    /// <inheritdoc/>
    public override IReadOnlyList<Cached> Parts =>
        [new(Where.Prediction, new InputOutputDrift(Threshold, 0, 0) { SinceComputed = true, Stride = Stride, Start = Start, Stop = Stop }, new How(Reuse))];
}
