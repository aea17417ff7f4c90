using System.Globalization;

namespace Acceleration.Samples;

/// <summary>A command line, read from left to right.</summary>
internal sealed class Arguments(IReadOnlyList<string> all)
{
    private int _at = -1;

    /// <summary>Whether help was among what has been read.</summary>
    public bool Help { get; private set; }

    /// <summary>Goes on to the next option; null at the end.</summary>
    public string? Next()
    {
        while (++_at < all.Count)
        {
            if (all[_at] is not ("--help" or "-h"))
            {
                return all[_at];
            }

            Help = true;
        }

        return null;
    }

    /// <summary>Reads the option's value.</summary>
    /// <exception cref="FormatException">There is none.</exception>
    public string Value() => _at + 1 < all.Count && all[_at + 1].Length > 0 ? all[++_at] : throw new FormatException($"{all[_at]} needs a value.");

    /// <summary>Reads the option's value as a whole number from 1 to <paramref name="most"/>.</summary>
    /// <exception cref="FormatException">It is none, or another one.</exception>
    public int Number(int most)
    {
        var (name, text) = (all[_at], Value());
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= 1 && number <= most
            ? number
            : throw new FormatException($"{name} takes a whole number from 1 to {most}, not '{text}'.");
    }

    /// <summary>That the option is none of the program's.</summary>
    public FormatException Unknown() => new($"There is no option '{all[_at]}'.");
}
