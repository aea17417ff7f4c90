using System.CommandLine;
using System.Globalization;

namespace Acceleration.Tool;

/// <summary>Options that are numbers in a range, with errors that name the option and what would be right.</summary>
internal static class NumberOption
{
    /// <summary>A whole number; null where it is not given.</summary>
    public static Option<long?> Whole(string name, string description, long least, long most) => new(name)
    {
        Description = description,
        CustomParser = result =>
        {
            var text = result.Tokens[0].Value;
            if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) && value >= least && value <= most)
            {
                return value;
            }

            result.AddError(string.Create(CultureInfo.InvariantCulture, $"{name} takes a whole number from {least} to {most}, not '{text}'."));
            return null;
        },
    };

    /// <summary>A finite number; null where it is not given.</summary>
    public static Option<double?> Finite(string name, string description) => new(name)
    {
        Description = description,
        CustomParser = result =>
        {
            var text = result.Tokens[0].Value;
            if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value))
            {
                return value;
            }

            result.AddError($"{name} takes a number, not '{text}'.");
            return null;
        },
    };
}
