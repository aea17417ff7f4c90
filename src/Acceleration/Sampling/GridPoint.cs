namespace Acceleration;

/// <summary>One noise level of a sampling grid: x = Alpha·x0 + Sigma·ε.</summary>
/// <param name="Time">The time given to the network at this level (for example 0..999, fractional where the scheduler has it so).</param>
/// <param name="Alpha">Signal scale α, in float32 as the reference schedulers hold it.</param>
/// <param name="Sigma">Noise scale σ, in float32.</param>
public readonly record struct GridPoint(double Time, float Alpha, float Sigma)
{
    /// <summary>
    /// Standard deviation of clean samples by which the network scales its input and output (σ_data of Karras et al., 2022, 0.5 there); 1 for all others. v is defined on x0 of unit variance, so it enters there.
    /// </summary>
    public float SigmaData
    {
        get => field == 0 ? 1 : field;
        init => field = value == 1 ? 0 : value;
    }

    /// <summary>ᾱ = α², the cumulative product of a variance-preserving schedule.</summary>
    public float AlphaBar => Alpha * Alpha;

    /// <summary>log(α²/σ²); +∞ at σ = 0 and −∞ at α = 0.</summary>
    public double LogSnr => 2 * (Math.Log(Alpha) - Math.Log(Sigma));
}
