namespace Acceleration;

/// <summary>Finds the known name a misspelt one probably meant, by edit distance.</summary>
internal static class NearestName
{
    // The distance costs the product of both lengths; real parameter names are far shorter.
    private const int LongestCompared = 256;

    /// <param name="asked">The name that is not known.</param>
    /// <param name="known">Those that are.</param>
    /// <param name="most">Letters that may differ at most.</param>
    public static string? Of(string asked, IEnumerable<string> known, int most = LongestCompared)
    {
        if (asked.Length > LongestCompared)
        {
            return null;
        }

        string? nearest = null;
        var smallest = most + 1;
        foreach (var name in known)
        {
            if (name.Length > LongestCompared || Math.Abs(name.Length - asked.Length) >= smallest)
            {
                continue;
            }

            var distance = Distance(asked, name);
            if (distance < smallest)
            {
                (nearest, smallest) = (name, distance);
            }
        }

        return nearest;
    }

    /// <summary>The nearest of some names, the nearest first: whether letters are small or large counts for less than which they are.</summary>
    public static IReadOnlyList<string> Some(string asked, IReadOnlyList<string> known, int count)
    {
        var word = asked.Length > LongestCompared ? asked[..LongestCompared] : asked;
        return [.. known.Distinct().OrderBy(k => Distance(word.ToUpperInvariant(), k.ToUpperInvariant())).ThenBy(k => Distance(word, k)).ThenBy(k => k, StringComparer.Ordinal).Take(count)];
    }

    private static int Distance(string a, string b)
    {
        Span<int> row = stackalloc int[b.Length + 1];
        for (var j = 0; j <= b.Length; j++)
        {
            row[j] = j;
        }

        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var substituted = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(substituted, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[b.Length];
    }
}
