using System.Text;
using Microsoft.ML.Tokenizers;

namespace Acceleration.Models;

/// <summary>
/// A unigram model: the most probable pieces of a text. The search is Microsoft.ML.Tokenizers'; the text is normalised before, since that library leaves deletions of the character map out and expects tokens that T5 does
/// not have, and unknown pieces are joined or taken apart after.
/// </summary>
internal sealed class SentencePieces
{
    private const string Placeholder = "<unigram placeholder>";

    private readonly SentenceNormalizer _normalizer;
    private readonly SentencePieceTokenizer _search;
    private readonly int[]? _bytes;

    /// <exception cref="CheckpointException">The model does not fit together.</exception>
    public SentencePieces(SentencePieceModel model)
    {
        _normalizer = new(model);
        UnknownId = model.UnknownId;
        _bytes = model.FallsBackToBytes ? Bytes(model) : null;
        try
        {
            using var plain = new MemoryStream(Plain(model));
            _search = SentencePieceTokenizer.Create(plain, addBeginningOfSentence: false, addEndOfSentence: false);
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or IndexOutOfRangeException or OverflowException or InvalidDataException)
        {
            throw new CheckpointException(model.File, null, $"its pieces make no unigram model: {e.Message}", e);
        }
    }

    public int UnknownId { get; }

    /// <summary>The ids of the pieces of a text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="addsPrefix">Whether it begins with a space, said or not.</param>
    public List<int> Encode(string text, bool addsPrefix)
    {
        var normal = _normalizer.Normalize(text, addsPrefix);
        var ids = new List<int>();
        if (normal.Length == 0)
        {
            return ids;
        }

        var wasUnknown = false;
        foreach (var token in _search.EncodeToTokens(normal, out _, addBeginningOfSentence: false, addEndOfSentence: false, considerPreTokenization: false, considerNormalization: false))
        {
            var isUnknown = token.Id == UnknownId;
            if (isUnknown && _bytes is not null)
            {
                ids.AddRange(Encoding.UTF8.GetBytes(token.Value).Select(b => _bytes[b]));
            }
            else if (!isUnknown || !wasUnknown)
            {
                ids.Add(token.Id);
            }

            wasUnknown = isUnknown;
        }

        return ids;
    }

    /// <summary>
    /// A model of the pieces alone. The library wants tokens for beginning and end, and forgets what piece had their ids: one behind all others serves. It takes user-defined and unused pieces into the range of scores,
    /// where SentencePiece has normal ones only.
    /// </summary>
    private static byte[] Plain(SentencePieceModel model)
    {
        var best = model.Pieces.Where(p => p.Kind == PieceKind.Normal).Max(p => p.Score);
        var writer = new ProtoWriter();
        foreach (var (text, score, kind) in model.Pieces.Append((Placeholder, 0, PieceKind.Control)))
        {
            var piece = new ProtoWriter();
            piece.Text(1, text);
            piece.Single(2, kind == PieceKind.Normal ? score : best);

            // Bytes would be found by their spelling where a library takes all pieces for text.
            piece.Number(3, (long)(kind == PieceKind.Byte ? PieceKind.Control : kind));
            writer.Data(1, piece.ToArray());
        }

        var trainer = new ProtoWriter();
        trainer.Number(3, 1);
        trainer.Number(40, model.UnknownId);
        trainer.Number(41, model.Pieces.Count);
        trainer.Number(42, model.Pieces.Count);
        trainer.Number(43, -1);
        trainer.Text(45, model.Pieces[model.UnknownId].Text);
        trainer.Text(46, Placeholder);
        trainer.Text(47, Placeholder);
        writer.Data(2, trainer.ToArray());

        var normalizer = new ProtoWriter();
        normalizer.Number(3, 0);
        normalizer.Number(4, 0);
        normalizer.Number(5, 0);
        writer.Data(3, normalizer.ToArray());
        return writer.ToArray();
    }

    private static int[] Bytes(SentencePieceModel model)
    {
        var ids = Enumerable.Repeat(-1, 256).ToArray();
        for (var i = 0; i < model.Pieces.Count; i++)
        {
            if (model.Pieces[i] is { Kind: PieceKind.Byte, Text: var text } && SentencePieceModel.ByteOf(text) is { } value)
            {
                ids[value] = i;
            }
        }

        return Array.TrueForAll(ids, i => i >= 0) ? ids : throw new CheckpointException(model.File, null, "the model writes unknown characters as bytes, but has no piece for some of them.");
    }
}
