using System.Text;

namespace Acceleration.Models;

/// <summary>
/// A unigram model (Kudo, "Subword regularization", arXiv:1804.10959): the most probable pieces of a text. Sums are rounded as the reference implementation rounds them, on which the choice between "l" + "ll" and "ll" + "l"
/// depends; that is why the search is here and not a library's.
/// </summary>
internal sealed class SentencePieces
{
    private const float UnknownPenalty = 10;
    private const float LeastPositive = 1.17549435e-38f;
    private const double UserDefinedMalus = 0.1;

    private readonly SentencePieceModel _model;
    private readonly SentenceNormalizer _normalizer;
    private readonly PieceIndex _index;
    private readonly int[]? _bytes;
    private readonly float _greatest;
    private readonly float _unknownScore;

    /// <exception cref="CheckpointException">The model does not fit together.</exception>
    public SentencePieces(SentencePieceModel model)
    {
        _model = model;
        _normalizer = new(model);
        _index = new(model.Pieces.Select((p, i) => (p.Text, p.Kind, Id: i)).Where(p => p.Kind is PieceKind.Normal or PieceKind.UserDefined).Select(p => (p.Text, p.Id)));
        _bytes = model.FallsBackToBytes ? Bytes(model) : null;
        var scores = model.Pieces.Where(p => p.Kind == PieceKind.Normal).Select(p => p.Score).ToArray();

        // The reference begins with the least positive number, not the lowest: all scores are below it, so that a user-defined piece costs next to nothing.
        (_greatest, _unknownScore) = (Math.Max(LeastPositive, scores.Max()), scores.Min() - UnknownPenalty);
        UnknownId = model.UnknownId;
    }

    public int UnknownId { get; }

    /// <summary>The ids of the pieces of a text; of several unknown characters one after the other there is one.</summary>
    /// <param name="text">The text.</param>
    /// <param name="addsPrefix">Whether it begins with a space, said or not.</param>
    public List<int> Encode(string text, bool addsPrefix)
    {
        var normal = _normalizer.Normalize(text, addsPrefix);
        var ids = new List<int>();
        var wasUnknown = false;
        foreach (var (start, length, id) in Best(normal))
        {
            var isUnknown = id == UnknownId;
            if (isUnknown && _bytes is not null)
            {
                ids.AddRange(Encoding.UTF8.GetBytes(normal.Substring(start, length)).Select(b => _bytes[b]));
            }
            else if (!isUnknown || !wasUnknown)
            {
                ids.Add(id);
            }

            wasUnknown = isUnknown;
        }

        return ids;
    }

    /// <summary>The pieces of the best path, in order.</summary>
    private List<(int Start, int Length, int Id)> Best(string text)
    {
        // The best path to every place: its sum, and where its last piece begins.
        var best = new (float Score, int Start, int Id)[text.Length + 1];
        Array.Fill(best, (0, -1, 0));
        var found = new List<(int Length, int Id)>();
        for (var start = 0; start < text.Length;)
        {
            var character = char.IsHighSurrogate(text[start]) && start + 1 < text.Length ? 2 : 1;
            var before = best[start].Score;
            var isKnown = false;
            _index.Prefixes(text.AsSpan(start), found);
            foreach (var (length, id) in found)
            {
                var (piece, score, kind) = _model.Pieces[id];
                double own = kind == PieceKind.UserDefined ? (Encoding.UTF8.GetByteCount(piece) * _greatest) - UserDefinedMalus : score;
                Offer(start + length, own + before, start, id);
                isKnown |= length == character;
            }

            if (!isKnown)
            {
                Offer(start + character, _unknownScore + before, start, UnknownId);
            }

            start += character;
        }

        var path = new List<(int, int, int)>();
        for (var end = text.Length; end > 0; end = best[end].Start)
        {
            path.Add((best[end].Start, end - best[end].Start, best[end].Id));
        }

        path.Reverse();
        return path;

        // The sum is kept in single precision, but compared in double.
        void Offer(int end, double score, int start, int id)
        {
            if (best[end].Start < 0 || score > best[end].Score)
            {
                best[end] = ((float)score, start, id);
            }
        }
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
