using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;

namespace Acceleration.Models;

/// <summary>Cleans a text as CLIP's tokenizer does where no library mends it first, and finds its words.</summary>
internal static class ClipWords
{
    // In lower case, since the text is; the pattern ignores case, by which U+017F is an s too.
    private static readonly string[] Special = ["<|startoftext|>", "<|endoftext|>"];
    private static readonly string[] Endings = ["'s", "'t", "'re", "'ve", "'m", "'ll", "'d"];

    private static readonly (int First, int Last)[] Ideographs =
    [
        (0x4E00, 0x9FFF), (0x3400, 0x4DBF), (0x20000, 0x2A6DF), (0x2A700, 0x2B73F), (0x2B740, 0x2B81F), (0x2B820, 0x2CEAF), (0xF900, 0xFAFF), (0x2F800, 0x2FA1F),
    ];

    /// <summary>The words of a text, cleaned and in lower case.</summary>
    public static List<string> Of(string text) => Find(Lowered(CanonicalForm.Compose(Cleaned(text))));

    /// <summary>Without control characters, with plain spaces, and with spaces around every ideograph.</summary>
    private static List<int> Cleaned(string text)
    {
        var clean = new List<int>(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            // Half a pair is of category C.
            if (Rune.DecodeFromUtf16(text.AsSpan(i), out var rune, out var length) != OperationStatus.Done)
            {
                continue;
            }

            i += length - 1;
            var code = rune.Value;
            switch (UnicodeTables.KindOf(code))
            {
                case CharacterKind.Removed:
                    break;
                case CharacterKind.Space:
                    clean.Add(' ');
                    break;
                case CharacterKind.Letter when Array.Exists(Ideographs, r => code >= r.First && code <= r.Last):
                    clean.AddRange([' ', code, ' ']);
                    break;
                default:
                    clean.Add(code);
                    break;
            }
        }

        return clean;
    }

    /// <summary>Word by word, since what a sigma becomes depends on where its word ends.</summary>
    private static List<int> Lowered(List<int> text)
    {
        var lowered = new List<int>(text.Count);
        var all = CollectionsMarshal.AsSpan(text);
        for (var start = 0; start < all.Length;)
        {
            var end = start;
            while (end < all.Length && !IsSpace(all[end]))
            {
                end++;
            }

            LowerCase.Append(all[start..end], lowered);
            lowered.Add(' ');
            start = end + 1;
        }

        return lowered;
    }

    private static bool IsSpace(int code) => code is ' ' or 0x2028 or 0x2029;

    /// <summary>A special token, an ending behind an apostrophe, letters, one digit, or anything else but spaces: the first of these that fits.</summary>
    private static List<string> Find(List<int> text)
    {
        var words = new List<string>();
        for (var at = 0; at < text.Count;)
        {
            var kind = UnicodeTables.KindOf(text[at]);
            var length = FixedLength(text, at);
            if (length == 0 && kind is CharacterKind.Letter or CharacterKind.Other)
            {
                length = 1;
                while (at + length < text.Count && UnicodeTables.KindOf(text[at + length]) == kind)
                {
                    length++;
                }
            }

            if (length == 0 && kind == CharacterKind.Number)
            {
                length = 1;
            }

            if (length > 0)
            {
                words.Add(Text(text, at, length));
            }

            at += Math.Max(length, 1);
        }

        return words;
    }

    private static int FixedLength(List<int> text, int at)
    {
        var candidates = text[at] switch { '<' => Special, '\'' => Endings, _ => [] };
        var found = Array.Find(candidates, c => Fits(text, at, c));
        return found?.Length ?? 0;
    }

    private static bool Fits(List<int> text, int at, string word)
    {
        const int longS = 0x17F;
        for (var i = 0; i < word.Length; i++)
        {
            if (at + i >= text.Count || !(text[at + i] == word[i] || (word[i] == 's' && text[at + i] == longS)))
            {
                return false;
            }
        }

        return true;
    }

    private static string Text(List<int> text, int at, int length)
    {
        var result = new StringBuilder(length);
        for (var i = at; i < at + length; i++)
        {
            result.Append(new Rune(text[i]).ToString());
        }

        return result.ToString();
    }
}
