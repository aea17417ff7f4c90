namespace Acceleration;

/// <summary>
/// ScalingCache (ICLR 2026), reconstructed from its description: a network call is skipped as long as EasyCache would, and made up between the last output and the line through the last two, with factors that are fitted beforehand
/// (<see cref="DampingFit"/>). Its program is not public; the decision that it takes at run time is not known to us.
/// </summary>
/// <param name="Threshold">τ of <see cref="InputOutputDrift"/>, at least 0; 0 never skips.</param>
/// <param name="Factors">α for 1, 2, ... steps since the last computed one, the last one for all later steps; finite, at least one.</param>
[Entry("scalingCache", "SCALE")]
public sealed record ScalingCache(double Threshold, IReadOnlyList<double> Factors) : CacheMethod
{
    /// <summary>τ.</summary>
    [InTag]
    [AtLeast(0)]
    public double Threshold { get; init => field = Require.AtLeast(0.0, value); } = Require.AtLeast(0.0, Threshold, nameof(Threshold));

    /// <summary>α for 1, 2, ... steps since the last computed one.</summary>
    [InTag("f")]
    public IReadOnlyList<double> Factors { get; init => field = Require.Finite(value); } = Require.Finite(Factors, nameof(Factors));

    /// <summary>Steps computed at the start; null as in <see cref="EasyCache"/>.</summary>
    [InTag("w")]
    [AtLeast(0)]
    public int? Warmup { get; init => field = Require.AtLeast(0, value); }

    /// <summary>Most skipped steps in a row; 0 for no bound.</summary>
    [InTag("m")]
    [AtLeast(0)]
    public int MaxSkip { get; init => field = Require.AtLeast(0, value); }

    /// <summary>What is made up: outputs, or residuals as in EasyCache.</summary>
    [InTag]
    public Quantity Reuse { get; init; } = Quantity.Output;

    /// <summary>Where.</summary>
    [InTag(":")]
    public Where Where { get; init; } = Where.Network;

    /// <inheritdoc/>
    public override IReadOnlyList<Cached> Parts => [new(Where, new InputOutputDrift(Threshold, Warmup) { MaxSkip = MaxSkip }, new How(Reuse, new Damped(Factors), Abscissa.Step))];
}
