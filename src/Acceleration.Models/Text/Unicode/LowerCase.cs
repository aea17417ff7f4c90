namespace Acceleration.Models;

/// <summary>Full lower-casing: a sigma at the end of a word is ς, and İ becomes two characters. .NET's does neither.</summary>
internal static class LowerCase
{
    private const int CapitalSigma = 0x3A3;
    private const int Sigma = 0x3C3;
    private const int FinalSigma = 0x3C2;
    private const int CapitalDottedI = 0x130;
    private const int DotAbove = 0x307;

    /// <summary>Lower-cases one word.</summary>
    /// <param name="word">Code points.</param>
    /// <param name="into">Where the result goes.</param>
    public static void Append(ReadOnlySpan<int> word, List<int> into)
    {
        for (var i = 0; i < word.Length; i++)
        {
            switch (word[i])
            {
                case CapitalSigma:
                    into.Add(EndsWord(word, i) ? FinalSigma : Sigma);
                    break;
                case CapitalDottedI:
                    into.Add('i');
                    into.Add(DotAbove);
                    break;
                default:
                    into.Add(UnicodeTables.Lower(word[i]));
                    break;
            }
        }
    }

    /// <summary>Whether the next cased character is before, and none is behind; characters that casing ignores do not count.</summary>
    private static bool EndsWord(ReadOnlySpan<int> word, int at)
    {
        var before = at - 1;
        while (before >= 0 && UnicodeTables.IsCaseIgnorable(word[before]))
        {
            before--;
        }

        if (before < 0 || !UnicodeTables.IsCased(word[before]))
        {
            return false;
        }

        var behind = at + 1;
        while (behind < word.Length && UnicodeTables.IsCaseIgnorable(word[behind]))
        {
            behind++;
        }

        return behind == word.Length || !UnicodeTables.IsCased(word[behind]);
    }
}
