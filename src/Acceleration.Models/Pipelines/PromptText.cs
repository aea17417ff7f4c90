using System.Net;
using System.Text.RegularExpressions;

namespace Acceleration.Models;

/// <summary>What is done to prompts before they are encoded.</summary>
internal static partial class PromptText
{
    /// <summary>HTML entities resolved twice, as often as they come nested, and runs of white space as one space.</summary>
    public static string Cleaned(string prompt) => Space().Replace(WebUtility.HtmlDecode(WebUtility.HtmlDecode(prompt)), " ").Trim();

    [GeneratedRegex(@"\s+", RegexOptions.CultureInvariant)]
    private static partial Regex Space();
}
