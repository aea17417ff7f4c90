namespace Acceleration.Models;

/// <summary>What a character is to CLIP's tokenizer.</summary>
internal enum CharacterKind : byte
{
    /// <summary>Neither letter nor number: punctuation, symbols, marks.</summary>
    Other,

    /// <summary>Of category L.</summary>
    Letter,

    /// <summary>Of category N.</summary>
    Number,

    /// <summary>Of category C, or the replacement character: taken out of the text. Unassigned code points are of this kind, those that later versions of Unicode assigned too.</summary>
    Removed,

    /// <summary>Of category Zs, tab or an end of a line.</summary>
    Space,

    /// <summary>Between words, and part of none: ends of lines and paragraphs of their own, and U+0345, which the pattern of words passes over.</summary>
    Separator,
}
