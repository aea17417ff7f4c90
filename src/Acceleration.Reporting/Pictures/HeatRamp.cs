namespace Acceleration.Reporting;

/// <summary>Colours of growing lightness, so that more is also brighter to those who do not tell the hues apart.</summary>
internal static class HeatRamp
{
    private static readonly (byte R, byte G, byte B)[] Anchors = [(0, 0, 0), (84, 15, 109), (187, 55, 84), (249, 142, 9), (252, 255, 164)];

    /// <summary>The colour at <paramref name="x"/>: black at 0, light yellow at 1 and above.</summary>
    public static (byte R, byte G, byte B) At(double x)
    {
        var place = Math.Clamp(x, 0, 1) * (Anchors.Length - 1);
        var i = Math.Min((int)place, Anchors.Length - 2);
        var (a, b, part) = (Anchors[i], Anchors[i + 1], place - i);
        return (Mix(a.R, b.R, part), Mix(a.G, b.G, part), Mix(a.B, b.B, part));
    }

    private static byte Mix(byte a, byte b, double part) => (byte)Math.Round(double.Lerp(a, b, part));
}
