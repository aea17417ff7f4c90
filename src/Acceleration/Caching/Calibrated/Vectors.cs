using System.Numerics;
using System.Runtime.InteropServices;

namespace Acceleration;

/// <summary>Sums over recorded values: float32 over short runs, float64 over these, so that neither digits nor time are lost.</summary>
internal static class Vectors
{
    private const int Run = 256;

    private interface ITerm
    {
        static abstract Vector<float> Of(Vector<float> a, Vector<float> b);

        static abstract float Of(float a, float b);
    }

    /// <summary>⟨a, b⟩.</summary>
    public static double Dot(ReadOnlySpan<float> a, ReadOnlySpan<float> b) => Sum<Product>(a, b);

    /// <summary>Σ|a − b|.</summary>
    public static double Distance(ReadOnlySpan<float> a, ReadOnlySpan<float> b) => Sum<Difference>(a, b);

    /// <summary>Σ|a|.</summary>
    public static double Size(ReadOnlySpan<float> a) => Sum<Magnitude>(a, a);

    /// <summary>‖a − b‖₁/‖b‖₁; not a number where both are zero.</summary>
    public static double Change(ReadOnlySpan<float> a, ReadOnlySpan<float> b) => Distance(a, b) / Size(b);

    private static double Sum<TTerm>(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
        where TTerm : struct, ITerm
    {
        if (a.Length != b.Length)
        {
            throw new ArgumentException($"Values of {a.Length} and {b.Length} numbers cannot be compared.", nameof(b));
        }

        var wholeA = MemoryMarshal.Cast<float, Vector<float>>(a);
        var wholeB = MemoryMarshal.Cast<float, Vector<float>>(b);
        var sum = 0.0;
        for (var from = 0; from < wholeA.Length; from += Run)
        {
            var part = Vector<float>.Zero;
            for (var i = from; i < Math.Min(from + Run, wholeA.Length); i++)
            {
                part += TTerm.Of(wholeA[i], wholeB[i]);
            }

            sum += Vector.Sum(part);
        }

        for (var i = wholeA.Length * Vector<float>.Count; i < a.Length; i++)
        {
            sum += TTerm.Of(a[i], b[i]);
        }

        return sum;
    }

    private readonly struct Product : ITerm
    {
        public static Vector<float> Of(Vector<float> a, Vector<float> b) => a * b;

        public static float Of(float a, float b) => a * b;
    }

    private readonly struct Difference : ITerm
    {
        public static Vector<float> Of(Vector<float> a, Vector<float> b) => Vector.Abs(a - b);

        public static float Of(float a, float b) => Math.Abs(a - b);
    }

    private readonly struct Magnitude : ITerm
    {
        public static Vector<float> Of(Vector<float> a, Vector<float> b) => Vector.Abs(a);

        public static float Of(float a, float b) => Math.Abs(a);
    }
}
