using Microsoft.ML.Tokenizers;

namespace Acceleration.Models;

/// <summary>CLIP's tokenizer: byte pairs of words in lower case.</summary>
internal sealed class ClipTokenizer : PromptTokenizer
{
    private const int UsualLength = 77;
    private const string Start = "<|startoftext|>";
    private const string End = "<|endoftext|>";

    private readonly BpeTokenizer _pairs;
    private readonly ClipVocabulary _vocabulary;
    private readonly int _startId;
    private readonly int _unknownId;

    private ClipTokenizer(BpeTokenizer pairs, ClipVocabulary vocabulary, SpecialTokens special, (int Start, int End, int Unknown, int Pad) ids, int maxLength)
        : base(special, ids.Pad, ids.End, Math.Max(vocabulary.Ids.Values.Max(), special.All.Max(t => t.Id)) + 1, maxLength)
    {
        (_pairs, _vocabulary, _startId, _unknownId) = (pairs, vocabulary, ids.Start, ids.Unknown);
    }

    private protected override int Added => 2;

    /// <exception cref="CheckpointException">The vocabulary does not fit together.</exception>
    public static ClipTokenizer From(ClipVocabulary vocabulary, TokenizerSettings settings, TokenizerOptions options)
    {
        var (start, end) = (settings.Token("bos_token", Start), settings.Token("eos_token", End));
        var (unknown, pad) = (settings.Token("unk_token", End), options.PadToken ?? settings.Token("pad_token", End));
        var known = settings.Listed.ToList();
        int IdOf(string token)
        {
            if (known.Find(t => t.Text == token) is { } listed)
            {
                return listed.Id;
            }

            if (!vocabulary.Ids.TryGetValue(token, out var id))
            {
                throw new CheckpointException(vocabulary.File, null, $"the vocabulary has no token '{(token.Length > 60 ? token[..60] : token)}', which is a special one.");
            }

            known.Add(new(token, id));
            return id;
        }

        var ids = (IdOf(start), IdOf(end), IdOf(unknown), IdOf(pad));
        foreach (var token in settings.Additional.Where(t => vocabulary.Ids.ContainsKey(t) || known.Exists(k => k.Text == t)))
        {
            IdOf(token);
        }

        return new(Pairs(vocabulary, unknown), vocabulary, new(known), ids, settings.MaxLength ?? UsualLength);
    }

    public override IReadOnlyList<int> Segment(string text) => Part(text);

    private protected override IReadOnlyList<int> Part(string text)
    {
        var ids = new List<int>();
        foreach (var word in ClipWords.Of(text))
        {
            if (word is Start or End)
            {
                ids.Add(_vocabulary.Ids.GetValueOrDefault(word, _unknownId));
            }
            else
            {
                ids.AddRange(_pairs.EncodeToIds(word, considerPreTokenization: false, considerNormalization: false));
            }
        }

        return ids;
    }

    private protected override List<int> Completed(List<int> ids) => [_startId, .. ids, EndId];

    private static BpeTokenizer Pairs(ClipVocabulary vocabulary, string unknown)
    {
        try
        {
            return BpeTokenizer.Create(new BpeOptions(vocabulary.Ids)
            {
                Merges = vocabulary.Merges.Select(m => $"{m.Left} {m.Right}"),
                EndOfWordSuffix = ClipVocabulary.WordEnd,
                ByteLevel = true,
                UnknownToken = vocabulary.Ids.ContainsKey(unknown) ? unknown : null,
            });
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException)
        {
            throw new CheckpointException(vocabulary.File, null, $"vocabulary and merges do not fit each other: {e.Message}", e);
        }
    }
}
