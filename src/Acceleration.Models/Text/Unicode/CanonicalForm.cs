namespace Acceleration.Models;

/// <summary>Normalization form C (Unicode Standard Annex 15). .NET's own needs ICU, and follows its version.</summary>
internal static class CanonicalForm
{
    // Below this every character is its own normal form and composes with none before it.
    private const int FirstCombining = 0x300;
    private const int Syllables = 0xAC00;
    private const int Leads = 0x1100;
    private const int Vowels = 0x1161;
    private const int Trails = 0x11A7;
    private const int LeadCount = 19;
    private const int VowelCount = 21;
    private const int TrailCount = 28;

    /// <summary>Composes a text.</summary>
    /// <param name="text">Code points.</param>
    public static List<int> Compose(List<int> text)
    {
        if (text.TrueForAll(c => c < FirstCombining))
        {
            return text;
        }

        var apart = new List<int>(text.Count + 16);
        text.ForEach(c => Decompose(c, apart));
        Order(apart);
        return Join(apart);
    }

    private static void Decompose(int code, List<int> into)
    {
        if (code is >= Syllables and < Syllables + (LeadCount * VowelCount * TrailCount))
        {
            var (syllable, trail) = Math.DivRem(code - Syllables, TrailCount);
            into.Add(Leads + (syllable / VowelCount));
            into.Add(Vowels + (syllable % VowelCount));
            if (trail > 0)
            {
                into.Add(Trails + trail);
            }
        }
        else if (UnicodeTables.TryDecompose(code, out var parts))
        {
            Decompose(parts.First, into);
            if (parts.Second != 0)
            {
                Decompose(parts.Second, into);
            }
        }
        else
        {
            into.Add(code);
        }
    }

    /// <summary>Marks behind a character in the order of their classes; those of one class stay in theirs.</summary>
    private static void Order(List<int> text)
    {
        for (var start = 0; start < text.Count; start++)
        {
            var end = start;
            while (end < text.Count && UnicodeTables.CombiningClass(text[end]) != 0)
            {
                end++;
            }

            if (end - start > 1)
            {
                int[] ordered = [.. text[start..end].OrderBy(UnicodeTables.CombiningClass)];
                for (var i = start; i < end; i++)
                {
                    text[i] = ordered[i - start];
                }
            }

            start = end;
        }
    }

    private static List<int> Join(List<int> apart)
    {
        var joined = new List<int>(apart.Count);
        var (starter, between) = (-1, -1);
        foreach (var code in apart)
        {
            var combining = UnicodeTables.CombiningClass(code);
            if (starter >= 0 && between < combining && TryCompose(joined[starter], code, out var composed))
            {
                joined[starter] = composed;
                continue;
            }

            joined.Add(code);
            (starter, between) = combining == 0 ? (joined.Count - 1, -1) : (starter, combining);
        }

        return joined;
    }

    private static bool TryCompose(int first, int second, out int composed)
    {
        if (first is >= Leads and < Leads + LeadCount && second is >= Vowels and < Vowels + VowelCount)
        {
            composed = Syllables + ((((first - Leads) * VowelCount) + second - Vowels) * TrailCount);
            return true;
        }

        if (first is >= Syllables and < Syllables + (LeadCount * VowelCount * TrailCount) && (first - Syllables) % TrailCount == 0 && second is > Trails and < Trails + TrailCount)
        {
            composed = first + second - Trails;
            return true;
        }

        return UnicodeTables.TryCompose(first, second, out composed);
    }
}
