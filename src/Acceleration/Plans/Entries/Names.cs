using System.Globalization;
using System.Reflection;

namespace Acceleration;

/// <summary>Names in plans of what has a name in code.</summary>
internal static class Names
{
    public static string Camel(string name) => name.Length == 0 ? name : char.ToLowerInvariant(name[0]) + name[1..];

    /// <summary>The word of a field or property in tags.</summary>
    public static string Word(MemberInfo member) => member.GetCustomAttribute<TagWordAttribute>()?.Word ?? member.Name.ToLowerInvariant();

    /// <summary>The shortest text from which the same number is read again. An exponent has no plus sign, which separates the parts of a tag.</summary>
    public static string Number(object value) => value switch
    {
        double d when double.IsInfinity(d) => d > 0 ? "inf" : "-inf",
        double d => d.ToString("R", CultureInfo.InvariantCulture).Replace("E+", "E", StringComparison.Ordinal),
        IFormattable f => f.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString()!,
    };
}
