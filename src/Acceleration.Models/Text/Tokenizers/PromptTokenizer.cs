namespace Acceleration.Models;

/// <summary>
/// The tokenizer of a text encoder, from the files of its checkpoint: CLIP (<c>vocab.json</c> and <c>merges.txt</c>, or <c>tokenizer.json</c>) and T5 or UMT5 (<c>spiece.model</c>, or <c>tokenizer.json</c>).
/// It gives the ids of the Python classes <c>CLIPTokenizer</c> (without ftfy) and <c>T5Tokenizer</c>, whichever file it reads. Immutable; may be used from several threads.
/// </summary>
public abstract class PromptTokenizer
{
    private protected PromptTokenizer(SpecialTokens special, int padId, int endId, int size, int? maxLength)
    {
        (Special, PadId, EndId, Size, MaxLength) = (special, padId, endId, size, maxLength);
    }

    /// <summary>The id of padding.</summary>
    public int PadId { get; }

    /// <summary>The id of the end of a text.</summary>
    public int EndId { get; }

    /// <summary>All ids are below this.</summary>
    public int Size { get; }

    /// <summary>The most tokens that the files allow; null where they say nothing.</summary>
    public int? MaxLength { get; }

    /// <summary>The tokens that are cut out of a text.</summary>
    private protected SpecialTokens Special { get; }

    /// <summary>Special tokens that are added to every text.</summary>
    private protected abstract int Added { get; }

    /// <summary>Loads a tokenizer.</summary>
    /// <param name="path">The folder of a checkpoint's tokenizer (<c>tokenizer</c>, <c>tokenizer_2</c>), or a <c>tokenizer.json</c>.</param>
    /// <param name="options">What the files do not say; null for nothing.</param>
    /// <exception cref="CheckpointException">Files are missing, malformed, or of another tokenizer.</exception>
    public static PromptTokenizer Load(string path, TokenizerOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return TokenizerLoader.Load(path, options ?? new());
    }

    /// <summary>Encodes prompts.</summary>
    /// <param name="prompts">The texts; at least one.</param>
    /// <param name="maxLength">The most tokens, special ones included: what is beyond is cut off, and counted in <see cref="PromptTokens.Cut"/>. Null for <see cref="MaxLength"/> where padding is full, else for no limit.</param>
    /// <param name="padding">How far they are filled up.</param>
    /// <exception cref="ArgumentException">There is no text, the length leaves no room for a token, no length is known where padding is full, or unpadded texts have different lengths.</exception>
    public PromptTokens Encode(IReadOnlyList<string> prompts, int? maxLength = null, PromptPadding padding = PromptPadding.Full)
    {
        ArgumentNullException.ThrowIfNull(prompts);
        maxLength ??= padding == PromptPadding.Full ? MaxLength ?? throw new ArgumentException("The files name no greatest length: say one.", nameof(maxLength)) : null;
        if (maxLength <= Added)
        {
            throw new ArgumentOutOfRangeException(nameof(maxLength), maxLength, $"A text has {Added} special tokens; at least {Added + 1} tokens make sense.");
        }

        if (prompts.Count == 0 || prompts.Any(p => p is null))
        {
            throw new ArgumentException("There must be at least one prompt, and none may be null; an empty one is \"\".", nameof(prompts));
        }

        var encoded = prompts.Select(p => Encode(p, maxLength)).ToArray();
        var length = padding switch
        {
            PromptPadding.None => 0,
            PromptPadding.Longest => encoded.Max(e => e.Ids.Count),
            PromptPadding.Full => maxLength!.Value,
            _ => throw new ArgumentOutOfRangeException(nameof(padding), padding, "There is no such padding."),
        };
        return new(
            [.. encoded.Select(e => (IReadOnlyList<int>)[.. e.Ids, .. Enumerable.Repeat(PadId, Math.Max(0, length - e.Ids.Count))])],
            [.. encoded.Select(e => (IReadOnlyList<bool>)[.. e.Ids.Select(_ => true), .. Enumerable.Repeat(false, Math.Max(0, length - e.Ids.Count))])],
            [.. encoded.Select(e => e.Cut)]);
    }

    /// <summary>The ids of a text in which nothing is special and to which nothing is added.</summary>
    /// <param name="text">The text.</param>
    public abstract IReadOnlyList<int> Segment(string text);

    /// <summary>The ids of a text, with the special tokens in it.</summary>
    private protected virtual List<int> Tokens(string text)
    {
        var ids = new List<int>();
        foreach (var (part, token) in Special.Split(text))
        {
            if (token is null)
            {
                ids.AddRange(Part(part));
            }
            else
            {
                ids.Add(token.Id);
            }
        }

        return ids;
    }

    /// <summary>The ids of a part without special tokens.</summary>
    private protected abstract IReadOnlyList<int> Part(string text);

    /// <summary>With the special tokens of every text.</summary>
    private protected abstract List<int> Completed(List<int> ids);

    private (List<int> Ids, int Cut) Encode(string text, int? maxLength)
    {
        var ids = Tokens(text);
        var cut = Math.Max(0, ids.Count + Added - (maxLength ?? int.MaxValue));
        ids.RemoveRange(ids.Count - cut, cut);
        return (Completed(ids), cut);
    }
}
