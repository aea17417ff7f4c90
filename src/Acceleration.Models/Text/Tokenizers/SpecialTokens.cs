namespace Acceleration.Models;

/// <summary>Cuts special tokens out of texts: the first in the text, the longest of those that begin there.</summary>
internal sealed class SpecialTokens
{
    private readonly Dictionary<string, SpecialToken> _byText = [];
    private readonly Dictionary<char, SpecialToken[]> _byFirst;

    /// <param name="tokens">The tokens; of those with one spelling the last counts.</param>
    public SpecialTokens(IEnumerable<SpecialToken> tokens)
    {
        foreach (var token in tokens.Where(t => t.Text.Length > 0))
        {
            _byText[token.Text] = token;
        }

        _byFirst = _byText.Values.GroupBy(t => t.Text[0]).ToDictionary(g => g.Key, g => g.OrderByDescending(t => t.Text.Length).ToArray());
    }

    /// <summary>Its tokens.</summary>
    public IReadOnlyCollection<SpecialToken> All => _byText.Values;

    public SpecialToken? Find(string text) => _byText.GetValueOrDefault(text);

    /// <summary>Parts of a text in order: special tokens, and what is between them.</summary>
    public IEnumerable<(string Text, SpecialToken? Token)> Split(string text)
    {
        var parts = Cut(text);
        for (var i = 0; i < parts.Count; i++)
        {
            if (_byText.TryGetValue(parts[i], out var token))
            {
                Settle(parts, i, token);
            }
        }

        return parts.Where(p => p.Length > 0).Select(p => (p, _byText.GetValueOrDefault(p)));
    }

    private List<string> Cut(string text)
    {
        var parts = new List<string>();
        var start = 0;
        for (var at = 0; at < text.Length;)
        {
            if (_byFirst.TryGetValue(text[at], out var candidates) && Array.Find(candidates, c => string.CompareOrdinal(text, at, c.Text, 0, c.Text.Length) == 0) is { } token)
            {
                if (at > start)
                {
                    parts.Add(text[start..at]);
                }

                parts.Add(token.Text);
                at += token.Text.Length;
                start = at;
            }
            else
            {
                at++;
            }
        }

        if (start < text.Length)
        {
            parts.Add(text[start..]);
        }

        return parts;
    }

    /// <summary>Takes spaces from the neighbours of a token, or joins it to one.</summary>
    private static void Settle(List<string> parts, int at, SpecialToken token)
    {
        var (left, right) = (at > 0 ? parts[at - 1] : "", at + 1 < parts.Count ? parts[at + 1] : "");
        if (token.StripsRight && right.Length > 0)
        {
            parts[at + 1] = Trimmed(right, fromStart: true);
        }

        if (token.StripsLeft && left.Length > 0)
        {
            parts[at - 1] = Trimmed(left, fromStart: false);
        }

        // As the reference: what stood beside it before spaces were taken.
        if (token.IsWord && left.Length > 0 && left[^1] != ' ')
        {
            parts[at - 1] += token.Text;
            parts[at] = "";
        }
        else if (token.IsWord && right.Length > 0 && right[0] != ' ')
        {
            parts[at + 1] = token.Text + parts[at + 1];
            parts[at] = "";
        }
    }

    private static string Trimmed(string text, bool fromStart)
    {
        var (start, end) = (0, text.Length);
        while (fromStart && start < end && IsSpace(text[start]))
        {
            start++;
        }

        while (!fromStart && end > start && IsSpace(text[end - 1]))
        {
            end--;
        }

        return text[start..end];
    }

    /// <summary>Python's notion, which has four control characters more.</summary>
    private static bool IsSpace(char c) => char.IsWhiteSpace(c) || c is >= '\x1c' and <= '\x1f';
}
