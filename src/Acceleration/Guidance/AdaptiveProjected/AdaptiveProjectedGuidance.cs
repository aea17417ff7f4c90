namespace Acceleration;

/// <summary>
/// Adaptive projected guidance (APG, Sadat et al., 2024, arXiv 2410.02416): the difference d = c − u gets a momentum, is shortened where it is too long, and its part along c, which over-saturates, is held back:
/// g = u + s·(d⊥ + η·d∥). Works on what the network predicts, whatever that is. The momentum moves on in every network call in which both outputs are there, and rests in between.
/// </summary>
/// <param name="Scale">Guidance scale s; within 1e-9 of 1 the condition alone is evaluated.</param>
[Entry("apg", "APG")]
public sealed record AdaptiveProjectedGuidance(double Scale) : IStrategy
{
    /// <summary>Guidance scale s; 1 evaluates the condition alone.</summary>
    [InTag]
    public double Scale { get; init => field = Require.Finite(value); } = Require.Finite(Scale, nameof(Scale));

    /// <summary>β of the momentum m ← d + β·m, usually negative; null or 0 for none.</summary>
    [InTag("m")]
    public double? Momentum { get; init => field = value is { } given ? Require.Finite(given) : null; }

    /// <summary>r: greatest length of d; 0 for any.</summary>
    [InTag("r")]
    [AtLeast(0)]
    public double Longest { get; init => field = Require.AtLeast(0.0, Require.Finite(value)); } = 15;

    /// <summary>η: weight of the part of d along c; 1 leaves d as it is, and with <see cref="Longest"/> 0 and no momentum it is plain guidance bit for bit.</summary>
    [InTag("eta")]
    public double Eta { get; init => field = Require.Finite(value); } = 1;

    /// <summary>Axes that a vector reaches over, for example all but the frames; null for whole samples.</summary>
    [InTag("over")]
    public ProjectionAxes? Axes { get; init; }

    /// <summary>Where the sum starts: u + s·d', or c + (s − 1)·d', which here is another prediction.</summary>
    [InTag("from")]
    public GuidanceBase Base { get; init; }

    /// <inheritdoc/>
    public string Tag => PlanTag.Of(this);

    /// <inheritdoc/>
    public Requirements Needs => PairNeeds.Of(Scale) with { Refuse = Unfit };

    /// <inheritdoc/>
    public IRun Begin(RunInfo info, RunStore store) => new AdaptiveProjectedRun(this, info.Network, store);

    private string? Unfit(RunInfo info) => Projection.Dimensions(Axes, info.Network.SampleSize.Count + 1).Length == 0
        ? $"its vectors reach over no axis of latents [{string.Join(", ", info.Network.SampleSize)}]; null, for whole samples, is usual."
        : null;
}
