namespace Acceleration.Models;

/// <summary>What a tokenizer is told beyond its files.</summary>
public sealed record TokenizerOptions
{
    /// <summary>The token that fills up, which is a special token of the text too; null for the one that the files name. Stable Diffusion 2 and the second tokenizer of SDXL have <c>!</c>.</summary>
    public string? PadToken { get; init; }

    /// <summary>
    /// For T5: whether text behind a special token begins like a new word, as in the published checkpoints of diffusion models; null for what the files say, and true where they say nothing.
    /// </summary>
    public bool? Legacy { get; init; }

    /// <summary>Whether to read <c>tokenizer.json</c> also where the older files lie beside it.</summary>
    public bool PrefersJson { get; init; }
}
