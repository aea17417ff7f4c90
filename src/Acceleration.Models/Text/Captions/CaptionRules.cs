using System.Text.RegularExpressions;

namespace Acceleration.Models;

/// <summary>The rules of captions, in the order in which the published pipelines apply them.</summary>
internal static class CaptionRules
{
    private const string W = PythonText.Word;
    private const string B = PythonText.Border;
    private const string S = PythonText.Space;
    private const string Files = "png|jpg|jpeg|bmp|webp|eps|pdf|apk|mp4";

    /// <summary>Where nothing before belongs to the same name with dots: what does not match from there does not match from within it, and trying it would take time with the square of its length.</summary>
    private const string NameStart = @"(?<=(?:^|[^a-zA-Z0-9.\-])[.\-]*|[_\p{L}\p{N}-[a-zA-Z0-9]][a-zA-Z0-9]+)";

    private const string Address = @"(?:\/{1,3}|[a-zA-Z0-9%])|" + NameStart + @"[a-zA-Z0-9.\-]+[.](?:com|co|ru|net|org|edu|gov|it)[\p{L}\p{N}_/-]*" + B + @"\/?(?!@)";

    /// <summary>More dashes or low lines than this are there instead of spaces.</summary>
    private const int MostDashes = 3;

    private static readonly Regex Dash = Rule("[-_]");

    private static readonly (Regex Found, string Put)[] First =
    [
        (Rule("<person>"), "person"),
        (Rule(B + "(?:https?:" + Address + ")"), ""),
        (Rule(B + "(?:www:" + Address + ")"), ""),
    ];

    private static readonly (Regex Found, string Put)[] Second =
    [
        (Rule($"@{W}+{B}"), ""),
        (Rule(@"[\u31c0-\u4dff]+"), ""),
        (Rule(@"[\u4e00-\u9fff]+"), ""),
        (Rule(@"[\u002D\u058A\u05BE\u1400\u1806\u2010-\u2015\u2E17\u2E1A\u2E3A\u2E3B\u2E40\u301C\u3030\u30A0\uFE31\uFE32\uFE58\uFE63\uFF0D]+"), "-"),
        (Rule("[`´«»“”¨]"), "\""),
        (Rule("[‘’]"), "'"),
        (Rule("&quot;?"), ""),
        (Rule("&amp"), ""),
        (Rule(@"\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}"), " "),
        (Rule($@"\d:\d\d{S}+$"), ""),
        (Rule(@"\\n"), " "),
        (Rule($@"#\d{{1,3}}{B}"), ""),
        (Rule($@"#\d{{5,}}{B}"), ""),
        (Rule($@"{B}\d{{6,}}{B}"), ""),
        (Rule($@"(?<![^\s\x1c-\x1f])[^\s\x1c-\x1f]+\.(?:{Files})"), ""),
        (Rule("[\"']{2,}"), "\""),
        (Rule(@"\.{2,}"), " "),
        (Rule(@"[#®•©™&@·º½¾¿¡§~)(\]\[}{|\\/*]+"), " "),
        (Rule($@"{S}+\.{S}+"), " "),
    ];

    private static readonly (Regex Found, string Put)[] Third =
    [
        (Rule($@"{B}[a-zA-Z]{{1,3}}\d{{3,15}}{B}"), ""),
        (Rule($@"{B}[a-zA-Z]+\d+[a-zA-Z]+{B}"), ""),
        (Rule($@"{B}\d+[a-zA-Z]+\d+{B}"), ""),
        (Rule($"(?:worldwide{S}+)?(?:free{S}+)?shipping"), ""),
        (Rule($"(?:free{S})?download(?:{S}free)?"), ""),
        (Rule($"{B}click{B}{S}(?:for|on){S}{W}+"), ""),
        (Rule($"{B}(?:{Files})(?:{S}images?)?"), ""),
        (Rule($@"{B}page{S}+\d+{B}"), ""),
        (Rule($@"{B}\d*[a-zA-Z]+\d+[a-zA-Z]+\d+[a-zA-Z\d]*{B}"), " "),
        (Rule($@"{B}\d+\.?\d*[xх×]\d+\.?\d*{B}"), ""),
        (Rule($"{B}{S}+:{S}+"), ": "),
        (Rule($@"(\D[,./]){B}"), "$1 "),
        (Rule($"{S}+"), " "),
        (Rule("^[\"'](.+)[\"']$", RegexOptions.Singleline), "$1"),
        (Rule("^['_,:;-]"), ""),
        (Rule("['_,:+-]$"), ""),
        (Rule(@"^\.[^\s\x1c-\x1f]+$"), ""),
    ];

    /// <summary>Addresses.</summary>
    public static string BeforeHtml(string text) => Applied(First, text);

    /// <summary>Names, ideographs, dashes, quotes, numbers, names of files, punctuation.</summary>
    public static string BeforeRepair(string text)
    {
        text = Applied(Second, text);
        return Dash.Count(text) > MostDashes ? Dash.Replace(text, " ") : text;
    }

    /// <summary>Numbers of articles, phrases of shops, sizes, what is left at the ends.</summary>
    public static string AfterRepair(string text) => Applied(Third, text);

    private static string Applied((Regex Found, string Put)[] rules, string text) => rules.Aggregate(text, (t, rule) => rule.Found.Replace(t, rule.Put));

    private static Regex Rule(string pattern, RegexOptions further = RegexOptions.None) => new(pattern, RegexOptions.CultureInvariant | further);
}
