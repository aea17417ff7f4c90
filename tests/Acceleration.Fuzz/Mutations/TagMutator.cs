using System.Text.RegularExpressions;

namespace Acceleration.Fuzz;

/// <summary>Changes tags by their grammar: numbers, words, separators, parts of other tags.</summary>
/// <param name="words">Prefixes, keys and words of tags.</param>
internal sealed partial class TagMutator(IReadOnlyList<string> words)
{
    private const string Separators = "+,./:^%=@-E0";

    public string Change(Random random, string tag, string other)
    {
        for (var changes = 1 + random.Next(4); changes > 0; changes--)
        {
            tag = ChangeOnce(random, tag, other);
        }

        return tag;
    }

    private string ChangeOnce(Random random, string tag, string other)
    {
        var (at, end) = Range(random, tag);
        switch (random.Next(9))
        {
            case 0:
                return tag[..at] + tag[end..];
            case 1:
                return tag[..at] + random.Of(Separators.ToCharArray()) + tag[at..];
            case 2:
                return tag[..at] + random.Of(words) + tag[(random.OneIn(2) ? at : end)..];
            case 3:
                var (from, to) = Range(random, other);
                return tag[..at] + other[from..to] + tag[end..];
            case 4:
                return tag + "+" + other;
            case 5:
                return tag[..at] + random.Text() + tag[at..];
            case 6:
                return tag[..at] + string.Concat(Enumerable.Repeat(tag[at..end], random.OneIn(20) ? 2000 : random.Next(2, 30))) + tag[end..];
            default:
                var numbers = Number().Matches(tag);
                return numbers.Count == 0 ? tag + random.Of(Hostile.Numbers) : Replaced(tag, numbers[random.Next(numbers.Count)], random.Of(Hostile.Numbers));
        }
    }

    private static string Replaced(string tag, Match number, string by) => tag[..number.Index] + by + tag[(number.Index + number.Length)..];

    private static (int From, int To) Range(Random random, string text)
    {
        var from = random.Next(text.Length + 1);
        return (from, random.Next(from, Math.Min(text.Length, from + 12) + 1));
    }

    [GeneratedRegex("-?[0-9]+(\\.[0-9]+)?(E-?[0-9]+)?", RegexOptions.CultureInvariant)]
    private static partial Regex Number();
}
