namespace Acceleration.Models;

/// <summary>Characters of another width or printed as one, by the compatibility mappings of Unicode.</summary>
internal static class WidthText
{
    private const char FirstFull = '\uff01';
    private const char LastFull = '\uff5e';
    private const char FirstHalf = '\uff5f';
    private const char LastHalf = '\uffef';
    private const char FirstSign = '\uffe0';
    private const char Macron = '\uffe3';
    private const int Ascii = 0xfee0;

    /// <summary>From U+FF5F: brackets, katakana, hangul.</summary>
    private const string Half =
        "\u2985\u2986\u3002\u300c\u300d\u3001\u30fb\u30f2\u30a1\u30a3\u30a5\u30a7\u30a9\u30e3\u30e5\u30e7\u30c3\u30fc\u30a2\u30a4\u30a6\u30a8\u30aa\u30ab\u30ad\u30af\u30b1\u30b3\u30b5\u30b7\u30b9\u30bb\u30bd\u30bf\u30c1\u30c4\u30c6\u30c8\u30ca\u30cb\u30cc\u30cd\u30ce\u30cf\u30d2\u30d5\u30d8\u30db\u30de\u30df\u30e0\u30e1\u30e2\u30e4\u30e6\u30e8\u30e9\u30ea\u30eb\u30ec\u30ed\u30ef\u30f3\u3099\u309a" +
        "\u1160\u1100\u1101\u11aa\u1102\u11ac\u11ad\u1103\u1104\u1105\u11b0\u11b1\u11b2\u11b3\u11b4\u11b5\u111a\u1106\u1107\u1108\u1121\u1109\u110a\u110b\u110c\u110d\u110e\u110f\u1110\u1111\u1112\uffbf\uffc0\uffc1\u1161\u1162\u1163\u1164\u1165\u1166\uffc8\uffc9\u1167\u1168\u1169\u116a\u116b\u116c\uffd0\uffd1\u116d\u116e\u116f\u1170\u1171\u1172\uffd8\uffd9\u1173\u1174\u1175";

    /// <summary>From U+FFE0: signs, arrows.</summary>
    private const string Signs = "\u00a2\u00a3\u00ac\u0000\u00a6\u00a5\u20a9\uffe7\u2502\u2190\u2191\u2192\u2193\u25a0\u25cb\uffef";

    /// <summary>A character in its usual width, and joined Latin letters apart; others as they are.</summary>
    public static string Of(char c) => c switch
    {
        '\u3000' => " ",
        Macron => " \u0304",
        >= FirstFull and <= LastFull => ((char)(c - Ascii)).ToString(),
        >= FirstSign and <= LastHalf => Signs[c - FirstSign].ToString(),
        >= FirstHalf when c - FirstHalf < Half.Length => Half[c - FirstHalf].ToString(),
        '\u0132' => "IJ",
        '\u0133' => "ij",
        '\u0149' => "\u02bcn",
        '\u01f1' => "DZ",
        '\u01f2' => "Dz",
        '\u01f3' => "dz",
        '\u01c4' => "D\u017d",
        '\u01c5' => "D\u017e",
        '\u01c6' => "d\u017e",
        '\u01c7' => "LJ",
        '\u01c8' => "Lj",
        '\u01c9' => "lj",
        '\u01ca' => "NJ",
        '\u01cb' => "Nj",
        '\u01cc' => "nj",
        '\ufb00' => "ff",
        '\ufb01' => "fi",
        '\ufb02' => "fl",
        '\ufb03' => "ffi",
        '\ufb04' => "ffl",
        '\ufb05' => "\u017ft",
        '\ufb06' => "st",
        _ => c.ToString(),
    };
}
