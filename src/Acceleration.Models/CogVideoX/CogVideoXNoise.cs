namespace Acceleration.Models;

/// <summary>The noise that published CogVideoX networks were trained on.</summary>
internal static class CogVideoXNoise
{
    private const double Start = 0.00085;
    private const double End = 0.012;

    // The networks without rotary positions (2B) were trained on noisier levels.
    private const double ShiftWithoutRotary = 3;

    /// <summary>ᾱ of the usual table, moved to ᾱ/(s + (1 − s)·ᾱ), down to a last one of 0.</summary>
    public static NoiseTable Of(CogVideoXConfig config)
    {
        var shift = config.IsRotary ? 1 : ShiftWithoutRotary;
        var bars = NoiseTable.Make(BetaSchedule.ScaledLinear, Start, End).AlphaBars.Select(a => a / (shift + ((1 - shift) * a))).ToArray();
        return NoiseTable.FromBetas([.. bars.Select((a, t) => (float)(1 - (a / (t == 0 ? 1 : bars[t - 1]))))], zeroTerminalSnr: true);
    }
}
