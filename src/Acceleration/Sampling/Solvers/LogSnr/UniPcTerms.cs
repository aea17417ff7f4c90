namespace Acceleration;

/// <summary>
/// The numbers of one UniPC interval: x' = Latents·x + First·m0 + Residual·(Σ ρ_i·(m_i − m0)/r_i), with older predictions at i = 1 to p − 1, and the new one last where the interval is corrected. In float32 and in
/// the order of the reference; the small linear systems for ρ are solved in double.
/// </summary>
/// <param name="Latents">Factor of the latents.</param>
/// <param name="First">Factor of m0.</param>
/// <param name="Residual">Factor of the sum.</param>
/// <param name="Places">r_i, the places of the older predictions in units of the interval; negative.</param>
/// <param name="Weights">ρ_i; as many as places, and one more where the interval is corrected.</param>
internal readonly record struct UniPcTerms(float Latents, float First, float Residual, float[] Places, float[] Weights)
{
    /// <summary>The numbers of an interval.</summary>
    /// <param name="isClean">Whether predictions are of x0 (else of ε).</param>
    /// <param name="bh1">Whether B(h) is h itself; else e^h − 1.</param>
    /// <param name="corrects">Whether the prediction at the interval's end is known.</param>
    /// <param name="from">Its start.</param>
    /// <param name="to">Its end.</param>
    /// <param name="older">Where the older predictions were made, newest first.</param>
    public static UniPcTerms Of(bool isClean, bool bh1, bool corrects, GridPoint from, GridPoint to, ReadOnlySpan<GridPoint> older)
    {
        var here = HalfLogSnr.Of(from);
        var h = HalfLogSnr.Of(to) - here;
        var hh = isClean ? -h : h;
        var growth = (float)(Math.Exp(hh) - 1);
        var scale = bh1 ? hh : growth;
        var places = new float[older.Length];
        for (var i = 0; i < places.Length; i++)
        {
            places[i] = (HalfLogSnr.Of(older[i]) - here) / h;
        }

        var weights = Weigh(places, hh, growth, scale, corrects);
        return isClean
            ? new(to.Sigma / from.Sigma, -(to.Alpha * growth), -(to.Alpha * scale), places, weights)
            : new(to.Alpha / from.Alpha, -DpmTerms.Growth(from, to, growth), -(to.Sigma * scale), places, weights);
    }

    private static float[] Weigh(float[] places, float hh, float growth, float scale, bool corrects)
    {
        // The reference takes these two for what they are in the limit.
        if (corrects ? places.Length == 0 : places.Length <= 1)
        {
            return corrects || places.Length == 1 ? [0.5f] : [];
        }

        float[] at = corrects ? [.. places, 1] : places;
        var (matrix, right) = (new double[at.Length, at.Length], new double[at.Length]);
        var (term, factorial) = ((growth / hh) - 1, 1f);
        for (var i = 0; i < at.Length; i++)
        {
            for (var j = 0; j < at.Length; j++)
            {
                matrix[i, j] = MathF.Pow(at[j], i);
            }

            right[i] = term * factorial / scale;
            factorial *= i + 2;
            term = (term / hh) - (1 / factorial);
        }

        return Array.ConvertAll(LinearSystem.Solve(matrix, right), x => (float)x);
    }
}
