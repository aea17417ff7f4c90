namespace Acceleration;

/// <summary>
/// SADA (Jiang et al., 2025, arXiv 2507.17135), its steps: the network is not asked in a step after one that came out stable, and the clean sample is extrapolated; from <see cref="LagrangeFrom"/> on a fixed pattern of steps is asked, and clean
/// samples between are interpolated. Decided per sample on the guided prediction.
/// </summary>
/// <param name="From">First step after which one may be skipped, at least 3 in effect; null for about a fifth of the steps. Published: 10 of 50, 8 of 25, 7 of 15.</param>
/// <param name="To">Step from which on none is skipped any more; null for the third from the end, as published.</param>
/// <param name="MaxSkip">Most skipped steps in a row; 0 for no bound. Published: 4.</param>
[Entry("sada", "SADA")]
public sealed record Sada(int? From = null, int? To = null, int MaxSkip = 4) : CacheMethod
{
    /// <summary>First step after which one may be skipped.</summary>
    [InTag]
    [AtLeast(0)]
    public int? From { get; init => field = Require.AtLeast(0, value); } = Require.AtLeast(0, From, nameof(From));

    /// <summary>Step from which on none is skipped any more.</summary>
    [InTag("to")]
    [AtLeast(0)]
    public int? To { get; init => field = Require.AtLeast(0, value); } = Require.AtLeast(0, To, nameof(To));

    /// <summary>Most skipped steps in a row; 0 for no bound.</summary>
    [InTag("m")]
    [AtLeast(0)]
    public int MaxSkip { get; init => field = Require.AtLeast(0, value); } = Require.AtLeast(0, MaxSkip, nameof(MaxSkip));

    /// <summary>Step from which on skipping follows a pattern; null for none. Published: 24 of 50 (20 for FLUX.1), 12 of 25, 9 of 15.</summary>
    [InTag("l")]
    [AtLeast(0)]
    public int? LagrangeFrom { get; init => field = Require.AtLeast(0, value); }

    /// <summary>Distance of the computed steps of the pattern. Published: 4; 3 in runs of 15 steps.</summary>
    [InTag("e")]
    [AtLeast(1)]
    public int LagrangeEvery { get; init => field = Require.AtLeast(1, value); } = 4;

    /// <summary>Most clean samples that others are interpolated from. Published: 4, 3 (FLUX.1), 2 in runs of 25 steps or fewer.</summary>
    [InTag("n")]
    [Within(1, 5)]
    public int LagrangeTerms { get; init => field = Require.Within(1, 5, value); } = 4;

    /// <summary>Over what clean samples are interpolated; published: steps.</summary>
    [InTag]
    public Abscissa Over { get; init; } = Abscissa.Step;

    /// <summary>Whether it measures and extrapolates as the released code does; else with the paper's weights, over the steps really taken.</summary>
    [InTag("p")]
    public bool Published { get; init; }

    /// <inheritdoc/>
    public override IReadOnlyList<Cached> Parts =>
    [
        new(
            Where.Prediction,
            new Stability(From, To, MaxSkip) { LagrangeFrom = LagrangeFrom, LagrangeEvery = LagrangeEvery, Published = Published },
            new AdamsMoulton { LagrangeFrom = LagrangeFrom, LagrangeEvery = LagrangeEvery, LagrangeTerms = LagrangeTerms, Over = Over, Published = Published }),
    ];
}
