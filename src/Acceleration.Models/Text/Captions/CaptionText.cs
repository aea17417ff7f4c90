namespace Acceleration.Models;

/// <summary>
/// What PixArt and Latte do to prompts, as it was done to the captions of their training: the published pipelines' <c>clean_caption</c>, by its own rules for addresses, names, numbers, ideographs and punctuation, with HTML as Python's parser
/// reads it and ftfy's repairs but for that of wrongly decoded text.
/// </summary>
public static class CaptionText
{
    /// <summary>Cleans a caption, twice, as the published pipelines do.</summary>
    /// <param name="caption">The caption.</param>
    public static string Clean(string caption)
    {
        ArgumentNullException.ThrowIfNull(caption);
        return Once(Once(caption));
    }

    /// <summary>Lower case, without white space around: what the pipelines do where captions are not cleaned.</summary>
    /// <param name="caption">The caption.</param>
    public static string Plain(string caption)
    {
        ArgumentNullException.ThrowIfNull(caption);
        return PythonText.Strip(PythonText.Lower(caption));
    }

    private static string Once(string caption)
    {
        var text = PythonText.Lower(PythonText.Strip(PercentText.Decode(caption)));
        text = CaptionRules.BeforeHtml(text);
        text = HtmlText.Of(text);
        text = CaptionRules.BeforeRepair(text);
        text = HtmlText.Unescape(HtmlText.Unescape(RepairedText.Of(text)));
        return PythonText.Strip(CaptionRules.AfterRepair(text));
    }
}
