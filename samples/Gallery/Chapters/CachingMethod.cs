using Acceleration.Reporting;

namespace Acceleration.Gallery;

/// <summary>A published method at several settings.</summary>
/// <param name="Family">How it makes up what it skips.</param>
/// <param name="Name">Its name.</param>
/// <param name="Settings">What is tried: labels and strategies.</param>
internal sealed record CachingMethod(string Family, string Name, params IReadOnlyList<(string Label, IStrategy Strategy)> Settings)
{
    public const string Residuals = "last residual";
    public const string Values = "last value";
    public const string Forecasts = "forecast";
    public const string LessWork = "left out";
    public const string Guidance = "guidance branch";

    /// <summary>A method of one number, at several of them.</summary>
    /// <param name="family">How it makes up what it skips.</param>
    /// <param name="name">Its name.</param>
    /// <param name="symbol">What the number is called.</param>
    /// <param name="of">Makes the strategy.</param>
    /// <param name="values">The numbers.</param>
    public static CachingMethod Of<T>(string family, string name, string symbol, Func<T, IStrategy> of, params IReadOnlyList<T> values) where T : IFormattable =>
        new(family, name, [.. values.Select(v => ($"{symbol} {v.ToString(null, System.Globalization.CultureInfo.InvariantCulture)}", of(v)))]);

    /// <summary>All settings of all methods, the baseline and the plain sampler with fewer steps.</summary>
    /// <param name="methods">The methods.</param>
    /// <param name="plain">Makes the plain sampler of so many steps, to which strategies are added.</param>
    /// <param name="steps">Steps of the baseline.</param>
    /// <param name="fewer">Steps of the controls.</param>
    public static Comparison Compare(IReadOnlyList<CachingMethod> methods, Func<int, SamplerBuilder> plain, int steps, IReadOnlyList<int> fewer)
    {
        var comparison = new Comparison($"{steps} steps", plain(steps).Build());
        foreach (var (method, label, strategy) in methods.SelectMany(m => m.Settings.Select(s => (m, s.Label, s.Strategy))))
        {
            comparison.Variant(method.Name, label, plain(steps).Use(strategy).Build(), family: method.Family);
        }

        return comparison.Controls(n => plain(n).Build(), fewer);
    }
}
