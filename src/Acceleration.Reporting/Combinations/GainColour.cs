namespace Acceleration.Reporting;

/// <summary>Colours of a gain: blue above zero, orange below, the stronger the further; told apart by those who do not see red and green, too.</summary>
internal static class GainColour
{
    /// <summary>The gain in dB that has the full colour.</summary>
    public const double Full = 10;

    private static readonly (int R, int G, int B) Neutral = (246, 245, 242);
    private static readonly (int R, int G, int B) Above = (25, 90, 170);
    private static readonly (int R, int G, int B) Below = (190, 84, 10);

    /// <summary>The fill of a gain, as a style sheet writes it.</summary>
    public static string Fill(double gain)
    {
        var (end, part) = (gain >= 0 ? Above : Below, Share(gain));
        return $"#{Mix(Neutral.R, end.R):x2}{Mix(Neutral.G, end.G):x2}{Mix(Neutral.B, end.B):x2}";

        int Mix(int a, int b) => (int)Math.Round(double.Lerp(a, b, part));
    }

    /// <summary>Of text on it.</summary>
    public static string Ink(double gain) => Share(gain) > 0.5 ? "#ffffff" : "#1c1b1a";

    private static double Share(double gain) => Math.Min(1, Math.Abs(gain) / Full);
}
