namespace Acceleration;

/// <summary>Lists with a value for each level, or one for all.</summary>
internal static class PerLevel
{
    /// <summary>A copy, checked value by value.</summary>
    public static IReadOnlyList<double> Checked(IReadOnlyList<double> values, string name, Func<double, string, double> check)
    {
        ArgumentNullException.ThrowIfNull(values, name);
        return values.Count is >= 1 and <= FrequencyDecoupledGuidance.MostLevels
            ? [.. values.Select(v => check(v, name))]
            : throw new ArgumentException($"There are 1 to {FrequencyDecoupledGuidance.MostLevels} levels; got {values.Count} values.", name);
    }

    /// <summary>A number of 0..1.</summary>
    public static double Share(double value, string name) => Require.Within(0.0, 1.0, value, name);

    public static bool Same(IReadOnlyList<double>? a, IReadOnlyList<double>? b) => a is null ? b is null : b is not null && a.SequenceEqual(b);

    /// <summary>The value of a level.</summary>
    public static double Of(IReadOnlyList<double>? values, int level, double otherwise) => values is null ? otherwise : values.Count == 1 ? values[0] : values[level];
}
