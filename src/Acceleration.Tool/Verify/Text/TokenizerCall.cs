using Acceleration.Models;

namespace Acceleration.Tool;

/// <summary>How the tokenizer of a stored case was called.</summary>
/// <param name="Texts">What it was given.</param>
/// <param name="Row">Which of them the case is about.</param>
/// <param name="MaxLength">The greatest length, or null.</param>
/// <param name="Padding">How far texts are filled up.</param>
/// <param name="Cuts">Whether what is too long is cut off.</param>
internal sealed record TokenizerCall(IReadOnlyList<string> Texts, int Row, int? MaxLength, PromptPadding Padding, bool Cuts)
{
    public static TokenizerCall Of(string text, StoredConfig options)
    {
        var padding = options.Choice("padding", "do_not_pad", ("do_not_pad", PromptPadding.None), ("longest", PromptPadding.Longest), ("max_length", PromptPadding.Full));
        var texts = options.Get<string[]>("batch", [text]);
        var row = Array.IndexOf(texts, text);
        return row >= 0
            ? new(texts, row, options.Get<int?>("max_length", null), padding, options.Get("truncation", false))
            : throw new NotKnownException("a case's text is not in its batch.");
    }

    public (IReadOnlyList<int> Ids, IReadOnlyList<bool> Mask) Run(PromptTokenizer tokenizer)
    {
        // Unpadded texts of a batch may differ in length, and are encoded each for itself anyway.
        var made = Padding == PromptPadding.None
            ? tokenizer.Encode([Texts[Row]], Cuts ? MaxLength : null, Padding)
            : tokenizer.Encode(Texts, MaxLength, Padding);
        return made.IsCut && !Cuts
            ? throw new NotKnownException("a text is longer than max_length, and truncation is not asked for.")
            : Padding == PromptPadding.None ? (made.Ids[0], made.Mask[0]) : (made.Ids[Row], made.Mask[Row]);
    }
}
