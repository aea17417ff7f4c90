namespace Acceleration;

/// <summary>stable-diffusion.cpp's cache mode <c>spectrum</c>: the guided clean sample is forecast by a Chebyshev polynomial blended with half a line, over windows that grow with every computed step.</summary>
/// <param name="Warmup">Steps computed at the start, at least 1. Published: 4.</param>
/// <param name="Window">Distance from the last warm-up step to the next computed one, at least 1; 1 without growth computes all. Published: 2.</param>
/// <param name="Growth">What is added to it after each computed step. Published: 0.5.</param>
[Entry("spectrum", "SPEC")]
public sealed record Spectrum(int Warmup = 4, double Window = 2, double Growth = 0.5) : CacheMethod
{
    /// <summary>Steps computed at the start.</summary>
    [InTag("w")]
    [AtLeast(1)]
    public int Warmup { get; init => field = Require.AtLeast(1, value); } = Require.AtLeast(1, Warmup, nameof(Warmup));

    /// <summary>Distance from the last warm-up step to the next computed one.</summary>
    [InTag("n")]
    [AtLeast(1.0)]
    public double Window { get; init => field = Require.AtLeast(1.0, value); } = Require.AtLeast(1.0, Window, nameof(Window));

    /// <summary>What is added to it after each computed step.</summary>
    [InTag("g")]
    [AtLeast(0)]
    public double Growth { get; init => field = Require.AtLeast(0.0, value); } = Require.AtLeast(0.0, Growth, nameof(Growth));

    /// <summary>Share of the steps after which all are computed.</summary>
    [InTag("to")]
    [Within(0, 1)]
    public double Stop { get; init => field = Require.Within(0, 1.0, value); } = 0.9;

    /// <summary>Degree of the polynomial.</summary>
    [InTag("o")]
    [Within(0, Polynomial.Highest)]
    public int Degree { get; init => field = Require.Within(0, Polynomial.Highest, value); } = 3;

    /// <summary>Whether it forecasts with the published flaws: constants shrunk, 50 steps whatever there are, slopes that ignore distances (<see cref="ChebyshevRidge.Published"/>).</summary>
    [InTag("p")]
    public bool Published { get; init; }

    /// <summary>Over what it is forecast; published: steps.</summary>
    [InTag]
    public Abscissa Over { get; init; } = Abscissa.Step;

    /// <inheritdoc/>
    public override IReadOnlyList<Cached> Parts =>
        [new(Where.Prediction, new GrowingWindows(Warmup, Window, Growth, Stop), new How(Quantity.Clean, Published ? ChebyshevRidge.Published with { Degree = Degree } : new ChebyshevRidge(Degree), Published ? Abscissa.Step : Over))];
}
