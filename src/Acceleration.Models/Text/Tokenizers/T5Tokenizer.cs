using System.Globalization;

namespace Acceleration.Models;

/// <summary>The tokenizer of T5 and UMT5: a unigram model, sentinels, and an end token.</summary>
internal sealed class T5Tokenizer : PromptTokenizer
{
    private const string WordStart = "▁";
    private const int UsualSentinels = 100;
    private const int MostSentinels = 1 << 16;

    private readonly SentencePieces _pieces;
    private readonly bool _addsPrefix;
    private readonly bool _legacy;
    private readonly bool _addsSpace;
    private readonly string _unknown;
    private readonly int _unknownLength;
    private readonly int _wordStartId;

    private T5Tokenizer(SentencePieceModel model, SentencePieces pieces, SpecialTokens special, string unknown, (int Pad, int End) ids, TokenizerSettings settings, bool legacy)
        : base(special, ids.Pad, ids.End, Math.Max(model.Pieces.Count, special.All.Max(t => t.Id) + 1), settings.MaxLength)
    {
        (_pieces, _addsPrefix, _legacy, _addsSpace, _unknown) = (pieces, model.AddsPrefix, legacy, settings.AddsPrefixSpace, unknown);
        _unknownLength = pieces.Encode(unknown, addsPrefix: false).Count;
        _wordStartId = model.IdOf(WordStart) ?? -1;
    }

    private protected override int Added => 1;

    /// <exception cref="CheckpointException">The model does not fit together.</exception>
    public static T5Tokenizer From(SentencePieceModel model, TokenizerSettings settings, TokenizerOptions options)
    {
        var known = settings.Listed.ToList();
        var sentinels = Sentinels(model, settings);
        known.AddRange(sentinels.Where(s => !known.Exists(k => k.Id == s.Id)));
        var next = Math.Max(model.Pieces.Count, known.Select(t => t.Id).DefaultIfEmpty(-1).Max() + 1);
        int IdOf(string token)
        {
            if (known.Find(t => t.Text == token) is { } listed)
            {
                return listed.Id;
            }

            known.Add(new(token, model.IdOf(token) ?? next++));
            return known[^1].Id;
        }

        var (end, unknown, pad) = (settings.Token("eos_token", "</s>"), settings.Token("unk_token", "<unk>"), options.PadToken ?? settings.Token("pad_token", "<pad>"));
        var endId = IdOf(end);
        IdOf(unknown);
        var padId = IdOf(pad);
        foreach (var token in settings.Additional)
        {
            IdOf(token);
        }

        return new(model, new(model), new(known), unknown, (padId, endId), settings, options.Legacy ?? settings.Legacy ?? true);
    }

    public override IReadOnlyList<int> Segment(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return _pieces.Encode(text, _addsPrefix);
    }

    private protected override List<int> Tokens(string text)
    {
        if (_legacy || text.Length == 0)
        {
            return base.Tokens(text);
        }

        var spaced = text.Replace(WordStart, " ", StringComparison.Ordinal);
        var ids = new List<int>();
        var isSecondSpecial = false;
        foreach (var (part, token) in Special.Split(_addsSpace ? WordStart + spaced : spaced))
        {
            isSecondSpecial |= token is not null && ids.Count == 1;
            ids.AddRange(token is null ? Part(part) : [token.Id]);
        }

        // The space before a special token at the beginning is nobody's.
        if (isSecondSpecial && ids[0] == _wordStartId)
        {
            ids.RemoveAt(0);
        }

        return ids;
    }

    private protected override IReadOnlyList<int> Part(string text)
    {
        if (_legacy)
        {
            return _pieces.Encode(text, _addsPrefix);
        }

        if (text[0] is not (' ' or '▁'))
        {
            return _pieces.Encode(text, addsPrefix: false);
        }

        // A space at the beginning counts only behind something: what stands there is taken away again.
        var ids = _pieces.Encode(_unknown + text, addsPrefix: false);
        return ids.Count >= _unknownLength ? ids[_unknownLength..] : ids;
    }

    /// <summary>An end token that was typed at the end is not said twice.</summary>
    private protected override List<int> Completed(List<int> ids) => ids.Count > 0 && ids[^1] == EndId ? ids : [.. ids, EndId];

    /// <summary>The sentinels behind the pieces of a model file, counted downwards; a <c>tokenizer.json</c> lists its own.</summary>
    private static IEnumerable<SpecialToken> Sentinels(SentencePieceModel model, TokenizerSettings settings)
    {
        var named = settings.Additional.Count(t => t.Contains("<extra_id_", StringComparison.Ordinal));
        var count = named > 0 ? named : settings.ExtraIds ?? UsualSentinels;
        if (count > MostSentinels)
        {
            throw new CheckpointException(model.File, null, $"{count} sentinels (extra_ids) are more than {MostSentinels}.");
        }

        return model.Pieces.Any(p => p.Text == "<extra_id_0>") ? [] : Enumerable.Range(0, count).Select(i => new SpecialToken(string.Create(CultureInfo.InvariantCulture, $"<extra_id_{i}>"), model.Pieces.Count - 1 + count - i)
        {
            StripsLeft = true,
            StripsRight = true,
        });
    }
}
