namespace Acceleration.Reporting;

/// <summary>Maps values to places along a line.</summary>
internal sealed class LinearAxis(double from, double to, double start, double end)
{
    public double At(double value) => start + ((Math.Clamp(value, Math.Min(from, to), Math.Max(from, to)) - from) / (to - from) * (end - start));

    /// <summary>Round values inside, about <paramref name="wanted"/> of them.</summary>
    public IEnumerable<double> Ticks(int wanted)
    {
        var raw = (to - from) / wanted;
        var size = Math.Pow(10, Math.Floor(Math.Log10(raw)));
        var step = size * (raw / size) switch { <= 1 => 1, <= 2 => 2, <= 5 => 5, _ => 10 };
        for (var i = Math.Ceiling(from / step); i * step <= to; i++)
        {
            yield return i * step;
        }
    }
}
