using System.Text;
using System.Text.RegularExpressions;

namespace Acceleration.Models;

/// <summary>
/// What ftfy repairs whatever a text means: HTML entities where there are no tags, C1 controls that stand for Windows-1252, Latin ligatures, full and half width, curled quotes, line breaks, terminal escapes, control characters, and
/// composition (NFC). Its repair of text that was decoded as something else, which weighs how likely characters are beside each other, is not there.
/// </summary>
internal static partial class RepairedText
{
    /// <summary>Repairs a text, line by line, until nothing changes.</summary>
    public static string Of(string text)
    {
        var (result, decodes) = (new StringBuilder(text.Length), true);
        for (var at = 0; at < text.Length;)
        {
            var end = text.IndexOf('\n', at) + 1;
            var line = text[at..(end == 0 ? text.Length : end)];
            at += line.Length;

            // From the first tag on, entities may be meant.
            decodes &= !line.Contains('<', StringComparison.Ordinal);
            result.Append(Line(line, decodes));
        }

        return result.ToString();
    }

    private static string Line(string line, bool decodes)
    {
        while (true)
        {
            var fixedLine = Composed(Pass(decodes ? Entity().Replace(line, m => HtmlText.Unescape(m.Value)) : line));
            if (fixedLine == line)
            {
                return line;
            }

            line = fixedLine;
        }
    }

    private static string Pass(string text)
    {
        var result = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            foreach (var mapped in WidthText.Of(WindowsText.Of(c)))
            {
                result.Append(Quote(mapped));
            }
        }

        var lines = result.Replace("\r\n", "\n").Replace('\r', '\n').Replace('\u2028', '\n').Replace('\u2029', '\n').Replace('\u0085', '\n').ToString();
        return string.Concat(Escape().Replace(Whole(lines), "").Where(c => !IsControl(c)));
    }

    private static char Quote(char c) => c is '\u02bc' or (>= '\u2018' and <= '\u201b') ? '\'' : c is >= '\u201c' and <= '\u201f' ? '"' : c;

    private static bool IsControl(char c) => c is <= '\x08' or '\x0b' or (>= '\x0e' and <= '\x1f') or '\x7f' or (>= '\u206a' and <= '\u206f') or '\ufeff' or (>= '\ufff9' and <= '\ufffc');

    /// <summary>Halves of a character that stand alone become U+FFFD.</summary>
    private static string Whole(string text) => string.Concat(text.EnumerateRunes().Select(r => r.ToString()));

    private static string Composed(string text)
    {
        var result = new StringBuilder(text.Length);
        CanonicalForm.Compose([.. text.EnumerateRunes().Select(r => r.Value)]).ForEach(c => result.Append(char.ConvertFromUtf32(c)));
        return result.ToString();
    }

    [GeneratedRegex("&#?[0-9A-Za-z]{1,24};", RegexOptions.CultureInvariant)]
    private static partial Regex Entity();

    [GeneratedRegex("\x1b\\[[\\d;]*[a-zA-Z]", RegexOptions.CultureInvariant)]
    private static partial Regex Escape();
}
