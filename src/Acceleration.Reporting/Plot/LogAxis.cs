namespace Acceleration.Reporting;

/// <summary>Maps positive values to places along a line by their logarithm: equal ratios are equally far apart.</summary>
internal sealed class LogAxis(double from, double to, double start, double end)
{
    private static readonly double[] Round = [0.5, 0.7, 1, 1.5, 2, 3, 4, 5, 6, 8, 10, 15, 20, 30, 50, 100];
    private readonly LinearAxis _log = new(Math.Log(from), Math.Log(to), start, end);

    public IEnumerable<double> Ticks => Round.Where(t => t >= from && t <= to);

    public double At(double value) => _log.At(Math.Log(value));
}
