using System.Runtime.CompilerServices;

namespace Acceleration;

/// <summary>Ranges of settings, for constructors and initialisers alike.</summary>
internal static class Require
{
    /// <summary><paramref name="value"/>, if it is no less than <paramref name="least"/>.</summary>
    public static int AtLeast(int least, int value, [CallerMemberName] string name = "") =>
        value >= least ? value : throw new ArgumentOutOfRangeException(name, value, $"Must be at least {least}.");

    /// <summary>Steps of a description of noise levels, which the message names.</summary>
    public static int StepsOf<TGrid>(int value, int most = int.MaxValue)
        where TGrid : IGrid =>
        value >= 1 && value <= most ? value
        : throw new ArgumentOutOfRangeException("Steps", value, most == int.MaxValue ? $"The steps of a {typeof(TGrid).Name} must be at least 1." : $"The steps of a {typeof(TGrid).Name} must be from 1 to {most}.");

    /// <inheritdoc cref="AtLeast(int, int, string)"/>
    public static int? AtLeast(int least, int? value, [CallerMemberName] string name = "") => value is { } given ? AtLeast(least, given, name) : null;

    /// <summary><paramref name="value"/>, if it is a number of at least <paramref name="least"/>.</summary>
    public static double AtLeast(double least, double value, [CallerMemberName] string name = "") =>
        value >= least ? value : throw new ArgumentOutOfRangeException(name, value, FormattableString.Invariant($"Must be a number of at least {least}."));

    /// <summary>Numbers, at least one, all finite.</summary>
    public static IReadOnlyList<double> Finite(IReadOnlyList<double> values, [CallerMemberName] string name = "")
    {
        ArgumentNullException.ThrowIfNull(values, name);
        return values.Count > 0 && values.All(double.IsFinite) ? ValueList.Of(values) : throw new ArgumentException($"{name} must be finite numbers, at least one.", name);
    }

    /// <summary><paramref name="value"/>, if it is finite.</summary>
    public static double Finite(double value, [CallerMemberName] string name = "") =>
        double.IsFinite(value) ? value : throw new ArgumentOutOfRangeException(name, value, "Must be finite.");

    /// <summary><paramref name="value"/>, if it is finite and above <paramref name="limit"/>.</summary>
    public static double Above(double limit, double value, [CallerMemberName] string name = "") =>
        value > limit && double.IsFinite(value) ? value : throw new ArgumentOutOfRangeException(name, value, FormattableString.Invariant($"Must be a number above {limit}."));

    /// <inheritdoc cref="Above(double, double, string)"/>
    public static double? Above(double limit, double? value, [CallerMemberName] string name = "") => value is { } given ? Above(limit, given, name) : null;

    /// <summary><paramref name="value"/>, if it is at least 0 and below 1.</summary>
    public static double? Below1(double? value, [CallerMemberName] string name = "") =>
        value is null or (>= 0 and < 1) ? value : throw new ArgumentOutOfRangeException(name, value, "Must be at least 0 and below 1.");

    /// <summary><paramref name="value"/>, if it lies in a range.</summary>
    public static int Within(int least, int most, int value, [CallerMemberName] string name = "") =>
        value >= least && value <= most ? value : throw new ArgumentOutOfRangeException(name, value, $"Must be a whole number from {least} to {most}.");

    /// <inheritdoc cref="Within(int, int, int, string)"/>
    public static double Within(double least, double most, double value, [CallerMemberName] string name = "") =>
        value >= least && value <= most ? value : throw new ArgumentOutOfRangeException(name, value, FormattableString.Invariant($"Must be a number from {least} to {most}."));
}
