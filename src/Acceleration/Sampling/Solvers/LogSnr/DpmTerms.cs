namespace Acceleration;

/// <summary>
/// The numbers of one DPM-Solver step, x' = Latents·x + First·m + Second·D1 + Third·D2 + Noise·n: m is x0 or ε, D1 and D2 are its divided differences in λ over the step's length h. In float32, in
/// the order of the reference. Where the step ends clean, h is infinite and First alone has a meaning.
/// </summary>
/// <param name="Latents">Factor of the latents.</param>
/// <param name="First">Factor of m.</param>
/// <param name="Midpoint">Factor of D1 in the midpoint form of the second order.</param>
/// <param name="Second">Factor of D1 in the Heun form, and in the third order.</param>
/// <param name="Third">Factor of D2.</param>
/// <param name="Noise">Standard deviation of fresh noise; null where none is drawn.</param>
internal readonly record struct DpmTerms(float Latents, float First, float Midpoint, float Second, float Third, float? Noise = null)
{
    /// <summary>Whether an algorithm is about x0 (else about ε).</summary>
    public static bool IsClean(DpmAlgorithm algorithm) => algorithm is DpmAlgorithm.PlusPlus or DpmAlgorithm.StochasticPlusPlus;

    /// <summary>Whether an algorithm draws noise.</summary>
    public static bool IsStochastic(DpmAlgorithm algorithm) => algorithm is DpmAlgorithm.StochasticPlusPlus or DpmAlgorithm.StochasticNoise;

    /// <summary>The numbers of a step.</summary>
    public static DpmTerms Of(DpmAlgorithm algorithm, GridPoint from, GridPoint to)
    {
        var h = HalfLogSnr.Of(to) - HalfLogSnr.Of(from);
        return algorithm switch
        {
            DpmAlgorithm.PlusPlus => PlusPlus(from, to, h),
            DpmAlgorithm.Noise => OfNoise(from, to, h),
            DpmAlgorithm.StochasticPlusPlus => StochasticPlusPlus(from, to, h),
            DpmAlgorithm.StochasticNoise => StochasticNoise(from, to, h),
            _ => throw new ArgumentOutOfRangeException(nameof(algorithm), algorithm, "Unknown algorithm."),
        };
    }

    /// <summary>σ'·(e^h − 1), and its limit α'·σ/α where σ' is 0.</summary>
    public static float Growth(GridPoint from, GridPoint to, float growth) => to.Sigma == 0 ? to.Alpha * from.Sigma / from.Alpha : to.Sigma * growth;

    private static DpmTerms PlusPlus(GridPoint from, GridPoint to, float h)
    {
        var decay = MathF.Exp(-h) - 1;
        var first = -(to.Alpha * decay);
        return new(to.Sigma / from.Sigma, first, 0.5f * first, to.Alpha * ((decay / h) + 1), -(to.Alpha * (((decay + h) / (h * h)) - 0.5f)));
    }

    private static DpmTerms OfNoise(GridPoint from, GridPoint to, float h)
    {
        var growth = MathF.Exp(h) - 1;
        var first = -Growth(from, to, growth);
        return new(to.Alpha / from.Alpha, first, 0.5f * first, -(to.Sigma * ((growth / h) - 1)), -(to.Sigma * (((growth - h) / (h * h)) - 0.5f)));
    }

    private static DpmTerms StochasticPlusPlus(GridPoint from, GridPoint to, float h)
    {
        var gone = 1 - MathF.Exp(-2 * h);
        var first = to.Alpha * gone;
        var twice = 2 * h;
        return new(
            to.Sigma / from.Sigma * MathF.Exp(-h),
            first,
            0.5f * first,
            to.Alpha * ((gone / -twice) + 1),
            to.Alpha * (((gone - twice) / (twice * twice)) - 0.5f),
            to.Sigma * MathF.Sqrt(gone));
    }

    private static DpmTerms StochasticNoise(GridPoint from, GridPoint to, float h)
    {
        var growth = MathF.Exp(h) - 1;
        var first = -(to.Sigma * growth);
        return new(to.Alpha / from.Alpha, 2 * first, first, -2 * (to.Sigma * ((growth / h) - 1)), float.NaN, to.Sigma * MathF.Sqrt(MathF.Exp(2 * h) - 1));
    }
}
