namespace Acceleration;

/// <summary>
/// The numbers of one DEIS step, x' = α'·(x/α + Σ c_i·ε_i): c_i are integrals over ρ = σ/α of the Lagrange polynomials in ln ρ through the last predictions. In float32 and in the order of the reference.
/// </summary>
internal static class DeisTerms
{
    /// <summary>c_i, newest first, of order 2 or 3.</summary>
    /// <param name="to">Where the step arrives, with noise.</param>
    /// <param name="points">Where the predictions were made, newest first; the step starts at the first.</param>
    public static float[] Of(GridPoint to, ReadOnlySpan<GridPoint> points)
    {
        var (t, a, b) = (Rho(to), Rho(points[0]), Rho(points[1]));
        if (points.Length == 2)
        {
            return [Linear(t, a, b) - Linear(a, a, b), Linear(t, b, a) - Linear(a, b, a)];
        }

        var c = Rho(points[2]);
        return [Quadratic(t, a, b, c) - Quadratic(a, a, b, c), Quadratic(t, b, c, a) - Quadratic(a, b, c, a), Quadratic(t, c, a, b) - Quadratic(a, c, a, b)];
    }

    private static float Rho(GridPoint p) => p.Sigma / p.Alpha;

    /// <summary>Integral up to t of (ln t − ln c)/(ln b − ln c).</summary>
    private static float Linear(float t, float b, float c)
    {
        var (lt, lb, lc) = (Float32Log.Of(t), Float32Log.Of(b), Float32Log.Of(c));
        return t * (-lc + lt - 1) / (lb - lc);
    }

    /// <summary>Integral up to t of (ln t − ln c)(ln t − ln d)/((ln b − ln c)(ln b − ln d)).</summary>
    private static float Quadratic(float t, float b, float c, float d)
    {
        var (lt, lb, lc, ld) = (Float32Log.Of(t), Float32Log.Of(b), Float32Log.Of(c), Float32Log.Of(d));
        var numerator = t * ((lc * (ld - lt + 1)) - (ld * lt) + ld + (lt * lt) - (2 * lt) + 2);
        return numerator / ((lb - lc) * (lb - ld));
    }
}
