namespace Acceleration.Tests.Caching;

/// <summary>What a forecast makes of numbers.</summary>
internal static class Continued
{
    public static double At(IForecast forecast, Func<double, double> f, double target, params double[] nodes) =>
        forecast.Weights(nodes, target).Zip(nodes, (w, n) => w * f(n)).Sum();

    /// <summary>Whether a forecast is what the function is there, over even and uneven nodes that ascend as steps do and descend as times do.</summary>
    public static bool IsExact(IForecast forecast, Func<double, double> f)
    {
        double[][] histories = [[8, 4, 0, -4, -8, -12], [9, 5, 4, 1.5, 1, 0], [3, 4, 7, 7.5, 12, 20], [5, 2], [7]];
        return histories.All(nodes => nodes[..Math.Min(nodes.Length, forecast.Depth)] is var kept
            && new[] { 1, 2.5, -0.5 }.Select(x => kept[0] + (x * (kept.Length > 1 ? kept[0] - kept[1] : 3))).All(target => Math.Abs(At(forecast, f, target, kept) - f(target)) < 1e-7 * (1 + Math.Abs(f(target)))));
    }
}
