using System.Globalization;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;

namespace Acceleration.Models;

/// <summary>The text of a piece of HTML, as Python's <c>html.parser</c> and BeautifulSoup find it: what is no whole tag or comment is text.</summary>
internal static partial class HtmlText
{
    /// <summary>Elements whose text is none of the page's.</summary>
    private static readonly string[] Silent = ["script", "style", "template", "rt", "rp"];

    /// <summary>Those in which nothing is a tag but their own end.</summary>
    private static readonly string[] Raw = ["script", "style"];

    /// <summary>The text, without tags, comments and declarations, and with entities resolved.</summary>
    public static string Of(string html)
    {
        var text = new StringBuilder(html.Length);
        string? silent = null;
        for (var at = 0; at < html.Length;)
        {
            var end = html[at] == '<' ? EndOfMarkup(html, at) : -1;
            if (end >= 0)
            {
                silent = Silence(silent, html.AsSpan(at, end - at));
                if (html.AsSpan(at).StartsWith("<![cdata[", StringComparison.OrdinalIgnoreCase) && silent is null)
                {
                    text.Append(html[(at + 9)..(end - 3)]);
                }

                at = end;
                if (silent is not null && Raw.Contains(silent))
                {
                    var close = html.IndexOf("</" + silent, at, StringComparison.OrdinalIgnoreCase);
                    at = close < 0 ? html.Length : close;
                }

                continue;
            }

            if (Unfinished().IsMatch(html, at))
            {
                // What is not closed is text up to the next bracket, whatever is in it.
                var bracket = html.IndexOf('>', at + 1) is >= 0 and var next ? next + 1 : html.IndexOf('<', at + 1) is >= 0 and var other ? other : at + 1;
                text.Append(silent is null ? html[at..bracket] : "");
                at = bracket;
                continue;
            }

            if (html[at] == '&' && at == html.Length - 2 && (html[at + 1] == '#' || char.IsAsciiLetter(html[at + 1])))
            {
                // A reference that has hardly begun loses its sign.
                at++;
                continue;
            }

            var entity = html[at] == '&' ? Reference().Match(html, at) : Match.Empty;
            if (silent is null)
            {
                text.Append(entity.Success ? Resolved(entity) : html[at].ToString());
            }

            at += entity.Success ? entity.Length : 1;
        }

        return text.ToString();
    }

    /// <summary>Resolves entities anywhere: names with their semicolons, numbers also without.</summary>
    public static string Unescape(string text) => Anywhere().Replace(text, m => m.Value[1] == '#' ? Numbered(m.Value[1..].TrimEnd(';')) : WebUtility.HtmlDecode(m.Value));

    /// <summary>Where a tag, comment or declaration ends; -1 where there is none, or it does not end.</summary>
    private static int EndOfMarkup(string html, int at)
    {
        var rest = html.AsSpan(at);
        return rest.StartsWith("<!--", StringComparison.Ordinal) ? After(CommentEnd().Match(html, at + 4))
            : rest.StartsWith("<![", StringComparison.Ordinal) ? After(SectionEnd().Match(html, at + 3))
            : rest.Length > 1 && rest[1] is '!' or '?' ? At(html.IndexOf('>', at + 2))
            : rest.Length > 2 && rest[1] == '/' ? At(html.IndexOf('>', at + 2))
            : rest.Length > 1 && char.IsAsciiLetter(rest[1]) ? After(Tag().Match(html, at))
            : -1;

        static int After(Match match) => match.Success ? match.Index + match.Length : -1;
        static int At(int index) => index < 0 ? -1 : index + 1;
    }

    /// <summary>The silent element that is open after a piece of markup.</summary>
    private static string? Silence(string? silent, ReadOnlySpan<char> markup)
    {
        var name = Name().Match(markup.ToString()) is { Success: true } match ? match.Groups[2].Value.ToLowerInvariant() : "";
        var closes = markup.Length > 1 && markup[1] == '/';
        return closes ? (name == silent ? null : silent) : silent ?? (Silent.Contains(name) && !markup.EndsWith("/>") ? name : null);
    }

    /// <summary>An unknown name stays, without its semicolon; numbers below 256 are of Windows-1252.</summary>
    private static string Resolved(Match entity)
    {
        var name = entity.Groups[1].Value;
        if (name[0] != '#')
        {
            var found = WebUtility.HtmlDecode($"&{name};");
            return found.Length > name.Length + 1 ? "&" + name : found;
        }

        return name.AsSpan(1).TrimStart("xX0").IsEmpty ? "\0" : Numbered(name);
    }

    /// <summary>A character by its number, #33 or #x21.</summary>
    private static string Numbered(string name)
    {
        var isHex = name[1] is 'x' or 'X';
        var isNumber = int.TryParse(name.AsSpan(isHex ? 2 : 1), isHex ? NumberStyles.AllowHexSpecifier : NumberStyles.None, CultureInfo.InvariantCulture, out var number);
        return !isNumber || number is 0 or > 0x10ffff or (>= 0xd800 and <= 0xdfff) ? "\ufffd"
            : number is >= 0x80 and <= 0x9f ? WindowsText.At(number)
            : char.ConvertFromUtf32(number);
    }

    [GeneratedRegex(@"\G&(#(?:[0-9]+|[xX][0-9a-fA-F]+)(?=[^0-9a-fA-F])|[a-zA-Z][-.a-zA-Z0-9]*(?=[^a-zA-Z0-9]));?", RegexOptions.CultureInvariant)]
    private static partial Regex Reference();

    [GeneratedRegex("&(?:#[0-9]+;?|#[xX][0-9a-fA-F]+;?|[a-zA-Z][a-zA-Z0-9]{1,31};)", RegexOptions.CultureInvariant)]
    private static partial Regex Anywhere();

    [GeneratedRegex(@"\G<(?:[a-zA-Z]|/|[!?])", RegexOptions.CultureInvariant)]
    private static partial Regex Unfinished();

    [GeneratedRegex(@"--\s*>", RegexOptions.CultureInvariant)]
    private static partial Regex CommentEnd();

    [GeneratedRegex(@"\]\s*\]\s*>", RegexOptions.CultureInvariant)]
    private static partial Regex SectionEnd();

    [GeneratedRegex(@"\G<[a-zA-Z](?>[^>""'=]+|=\s*(?>""[^""]*""|'[^']*')?|[""'])*>", RegexOptions.CultureInvariant)]
    private static partial Regex Tag();

    [GeneratedRegex(@"^<(/?)\s*([a-zA-Z][^\s/>]*)", RegexOptions.CultureInvariant)]
    private static partial Regex Name();
}
