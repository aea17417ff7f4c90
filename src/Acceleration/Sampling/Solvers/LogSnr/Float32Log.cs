namespace Acceleration;

/// <summary>
/// The natural logarithm as the arrays that the reference's DEIS computes with have it, a rational function in float32 that is off in the last place now and then. DEIS of order 3 takes differences of large
/// terms made of such logarithms, so that the last bits show where steps are short.
/// </summary>
internal static class Float32Log
{
    private const float Ln2 = 0.693147180559945309f;

    private static readonly float[] Numerator = [2.589979117907922693523e-02f, 3.808837741388407920751e-01f, 1.480000633576506585156f, 2.112677543073053063722f, 9.999999999999998702752e-01f, 0];

    private static readonly float[] Denominator = [5.875095403124574342950e-03f, 1.546476374983906719538e-01f, 9.864942958519418960339e-01f, 2.453006071784736363091f, 2.612677543073109236779f, 1];

    /// <summary>ln x.</summary>
    /// <param name="x">A normal number above 0.</param>
    public static float Of(float x)
    {
        var exponent = MathF.ILogB(x);
        var mantissa = MathF.ScaleB(x, -exponent);
        if (mantissa > MathF.Sqrt(2))
        {
            (mantissa, exponent) = (mantissa / 2, exponent + 1);
        }

        var rest = mantissa - 1;
        return MathF.FusedMultiplyAdd(exponent, Ln2, Polynomial(Numerator, rest) / Polynomial(Denominator, rest));
    }

    /// <param name="coefficients">The highest first.</param>
    /// <param name="x">Where.</param>
    private static float Polynomial(float[] coefficients, float x)
    {
        var sum = coefficients[0];
        foreach (var c in coefficients.AsSpan(1))
        {
            sum = MathF.FusedMultiplyAdd(sum, x, c);
        }

        return sum;
    }
}
