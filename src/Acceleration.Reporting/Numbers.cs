using System.Globalization;

namespace Acceleration.Reporting;

/// <summary>Measured numbers as text, the same in every culture.</summary>
internal static class Numbers
{
    public const string None = "–";

    public static string Times(double? x) => x is { } v ? Text(v, v < 9.95 ? "0.00" : "0.0") + "×" : None;

    public static string Seconds(double x) => Text(x, x < 9.95 ? "0.00" : "0.0");

    public static string Range(Spread x) => x.Min == x.Max ? "" : $"{Seconds(x.Min)}–{Seconds(x.Max)}";

    public static string Decibel(double x) => Text(x, "0.0");

    public static string Gain(ControlGain? gain) =>
        gain is null ? None : $"{gain.Bound switch { Bound.AtLeast => "≥ ", Bound.AtMost => "≤ ", _ => "" }}{Text(gain.Gain, "+0.0;−0.0;0.0")}";

    public static string Share(double? x) => x is { } v ? Text(v * 100, "0") + " %" : None;

    public static string Text(double? x, string format) => x is { } v ? v.ToString(format, CultureInfo.InvariantCulture) : None;

    public static string Duration(double seconds) => seconds < 90 ? Text(seconds, "0") + " s" : Text(seconds / 60, "0.0") + " min";

    public static string Bytes(double bytes) => bytes switch
    {
        0 => "none",
        < 1 << 20 => Text(bytes / (1 << 10), "0.#") + " KiB",
        < 1 << 30 => Text(bytes / (1 << 20), "0.#") + " MiB",
        _ => Text(bytes / (1 << 30), "0.#") + " GiB",
    };
}
