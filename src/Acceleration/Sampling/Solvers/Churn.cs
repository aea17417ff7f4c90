namespace Acceleration;

/// <summary>Fresh noise in each step of a deterministic solver, which is raised to a higher level by it and comes down from there (Karras et al., 2022, algorithm 2).</summary>
/// <param name="Amount">S_churn, at least 0: σ is raised by the factor 1 + min(S_churn/N, √2 − 1).</param>
/// <param name="Least">S_tmin, at least 0: no noise below this level.</param>
/// <param name="Most">S_tmax, at least 0: no noise above this level; null for no bound.</param>
/// <param name="Noise">S_noise, at least 0: deviation of the fresh noise relative to what the raised level asks for.</param>
public sealed record Churn(double Amount, double Least = 0, double? Most = null, double Noise = 1)
{
    private static readonly double Largest = Math.Sqrt(2) - 1;

    /// <summary>S_churn.</summary>
    [InTag]
    [AtLeast(0)]
    public double Amount { get; init => field = NotNegative(value, nameof(Amount)); } = NotNegative(Amount, nameof(Amount));

    /// <summary>S_tmin.</summary>
    [InTag("min")]
    [AtLeast(0)]
    public double Least { get; init => field = NotNegative(value, nameof(Least)); } = NotNegative(Least, nameof(Least));

    /// <summary>S_tmax; null for no bound.</summary>
    [InTag("max")]
    [AtLeast(0)]
    public double? Most { get; init => field = value is { } given ? NotNegative(given, nameof(Most)) : null; } = Most is { } most ? NotNegative(most, nameof(Most)) : null;

    /// <summary>S_noise.</summary>
    [InTag("n")]
    [AtLeast(0)]
    public double Noise { get; init => field = NotNegative(value, nameof(Noise)); } = NotNegative(Noise, nameof(Noise));

    /// <summary>σ̂, in float32; σ itself where nothing is added.</summary>
    /// <param name="sigma">σ.</param>
    /// <param name="steps">N.</param>
    internal float Raised(float sigma, int steps) =>
        Amount > 0 && (float)Least <= sigma && (Most is not { } most || sigma <= (float)most) ? sigma * (float)(Math.Min(Amount / steps, Largest) + 1) : sigma;

    /// <summary>Deviation of the noise that raises σ to σ̂.</summary>
    internal float Deviation(float sigma, float raised) => (float)Noise * MathF.Sqrt((raised * raised) - (sigma * sigma));

    private static double NotNegative(double value, string name) => Require.Finite(Require.AtLeast(0.0, value, name), name);
}
