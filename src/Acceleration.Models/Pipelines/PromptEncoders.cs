namespace Acceleration.Models;

/// <summary>The text encoders of a model with their tokenizers. Owns the encoders.</summary>
public sealed class PromptEncoders : IDisposable
{
    private readonly IReadOnlyList<(PromptTokenizer Tokenizer, TextEncoder Encoder)?> _all;

    /// <summary>Takes encoders.</summary>
    /// <param name="all">First, second and third one; null for those that the model leaves out. Owned from now on.</param>
    public PromptEncoders(params IReadOnlyList<(PromptTokenizer Tokenizer, TextEncoder Encoder)?> all) => _all = all;

    /// <summary>Stands for an encoder that a model leaves out.</summary>
    internal const string Missing = "none";

    /// <summary>Tells these encoders from others, for <see cref="PromptEmbeddings.Encoder"/>.</summary>
    public string Fingerprint => string.Join('+', _all.Select(e => e?.Encoder.Info.Weights ?? Missing));

    /// <summary>Whether there is an encoder of this number, from 1.</summary>
    public bool Has(int number) => number <= _all.Count && _all[number - 1] is not null;

    /// <summary>Encodes prompts with one of the encoders.</summary>
    /// <param name="number">Which one, from 1.</param>
    /// <param name="prompts">The prompts.</param>
    /// <param name="length">Tokens that they are cut or filled up to; null for what the tokenizer says.</param>
    /// <param name="layer">Which states.</param>
    /// <param name="masked">Whether padding is hidden.</param>
    public (TextEncoding Encoding, PromptTokens Tokens) Encode(int number, IReadOnlyList<string> prompts, int? length = null, TextLayer? layer = null, bool masked = false)
    {
        var (tokenizer, encoder) = Has(number) ? _all[number - 1]!.Value : throw new InvalidOperationException($"The model has no text encoder {number}.");
        var tokens = tokenizer.Encode(prompts, length);
        return (encoder.Encode(tokens, layer, masked), tokens);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var pair in _all)
        {
            pair?.Encoder.Dispose();
        }
    }
}
