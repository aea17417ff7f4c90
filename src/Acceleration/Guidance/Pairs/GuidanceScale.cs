namespace Acceleration;

/// <summary>The scale s of u + s·(c − u).</summary>
internal static class GuidanceScale
{
    /// <summary>Whether a scale is so close to 1 that guidance is off, as in the reference guiders.</summary>
    public static bool IsOff(double scale) => Math.Abs(scale - 1) <= 1e-9 * Math.Max(1, Math.Abs(scale));
}
