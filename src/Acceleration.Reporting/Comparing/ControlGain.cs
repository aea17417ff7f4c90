namespace Acceleration.Reporting;

/// <summary>A setting against the plain sampler that is given the same time by taking fewer steps.</summary>
/// <param name="Steps">Steps that the plain sampler has time for, interpolated; at a bound, those of the nearest control.</param>
/// <param name="Psnr">What it reaches with them, in dB against the baseline.</param>
/// <param name="Gain">The setting's PSNR minus <paramref name="Psnr"/>, in dB.</param>
/// <param name="Bound">
/// Settings faster than the fastest control gain at least <paramref name="Gain"/>, since still fewer steps are worse; settings slower than the slowest one gain at
/// most that.
/// </param>
public sealed record ControlGain(double Steps, double Psnr, double Gain, Bound Bound)
{
    /// <summary>Whether the setting is closer to the baseline than fewer steps in the same time; null where the bound leaves it open.</summary>
    public bool? Beats => (Bound, Gain > 0) switch
    {
        (Bound.AtLeast, false) => null,
        (Bound.AtMost, true) => null,
        var (_, positive) => positive,
    };
}
