using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Acceleration.Models;

/// <summary>What a SentencePiece model file says, as far as a unigram model needs it (Kudo and Richardson, arXiv:1808.06226).</summary>
internal sealed record SentencePieceModel
{
    public const string FileName = "spiece.model";
    private const int Unigram = 1;
    private const int MostPieces = 1 << 22;

    /// <summary>Where it comes from, for messages.</summary>
    public required string File { get; init; }

    /// <summary>The pieces; their places are their ids.</summary>
    public required IReadOnlyList<(string Text, float Score, PieceKind Kind)> Pieces { get; init; }

    /// <summary>The compiled map of characters; empty for none.</summary>
    public byte[] CharacterMap { get; init; } = [];

    /// <summary>Whether a text begins with a space, said or not.</summary>
    public bool AddsPrefix { get; init; } = true;

    /// <summary>Whether several spaces are one, and none stands at an end.</summary>
    public bool JoinsSpaces { get; init; } = true;

    /// <summary>Whether spaces are written as ▁.</summary>
    public bool EscapesSpaces { get; init; } = true;

    /// <summary>Whether an unknown character becomes its bytes.</summary>
    public bool FallsBackToBytes { get; init; }

    /// <summary>The id of what is unknown.</summary>
    public int UnknownId => Pieces.Select((p, i) => (p.Kind, Id: i)).First(p => p.Kind == PieceKind.Unknown).Id;

    /// <summary>The id of a piece by its text; null where there is none.</summary>
    public int? IdOf(string piece)
    {
        for (var i = 0; i < Pieces.Count; i++)
        {
            if (Pieces[i].Text == piece)
            {
                return i;
            }
        }

        return null;
    }

    /// <exception cref="CheckpointException">It is malformed, or no unigram model.</exception>
    public static SentencePieceModel FromBytes(string file, byte[] bytes)
    {
        var model = new SentencePieceModel { File = file, Pieces = [] };
        var pieces = new List<(string, float, PieceKind)>();
        var reader = new ProtoReader(bytes, file);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1:
                    pieces.Add(Piece(reader.Data, file));
                    break;
                case 2:
                    model = Trainer(model, reader.Data);
                    break;
                case 3:
                    model = Normalizer(model, reader.Data);
                    break;
            }
        }

        return (model with { Pieces = pieces }).Checked();
    }

    /// <summary>The same from a <c>tokenizer.json</c>, whose vocabulary has the added tokens behind the pieces.</summary>
    /// <exception cref="CheckpointException">It is malformed, or asks for what is not computed here.</exception>
    public static SentencePieceModel FromJson(ModelJson json, TokenizerSettings settings)
    {
        var model = json.Object("model")!;
        var added = settings.Listed.ToDictionary(t => t.Id, t => t.Text);
        var (unknown, fallsBack) = (model.Count("unk_id"), model.Flag("byte_fallback") ?? false);
        var pieces = model.Array("vocab").Select((p, i) =>
        {
            if (p.ValueKind != JsonValueKind.Array || p.GetArrayLength() != 2 || ModelJson.String(p[0]) is not { } text || p[1].ValueKind != JsonValueKind.Number || !p[1].TryGetDouble(out var score))
            {
                throw model.Wrong("vocab", "a list of pieces and their scores");
            }

            var kind = i == unknown ? PieceKind.Unknown
                : added.TryGetValue(i, out var special) && special == text ? PieceKind.Control
                : fallsBack && ByteOf(text) is not null ? PieceKind.Byte
                : PieceKind.Normal;
            return (text, (float)score, kind);
        });
        return new SentencePieceModel
        {
            File = json.File,
            Pieces = [.. pieces],
            FallsBackToBytes = fallsBack,
            CharacterMap = JsonNormalizer.CharacterMap(json.Object("normalizer")),
            AddsPrefix = JsonNormalizer.AddsPrefix(json.Object("pre_tokenizer")),
        }.Checked();
    }

    private SentencePieceModel Checked()
    {
        CheckpointException Wrong(string reason) => new(File, null, reason);
        if (Pieces.Count is 0 or > MostPieces)
        {
            throw Wrong($"a SentencePiece model with {Pieces.Count} pieces is none.");
        }

        if (Pieces.Count(p => p.Kind == PieceKind.Unknown) != 1)
        {
            throw Wrong("a SentencePiece model has exactly one piece for what is unknown.");
        }

        if (Pieces.FirstOrDefault(p => p.Text.Length == 0 || !float.IsFinite(p.Score)) is { Text: not null } bad)
        {
            throw Wrong($"a piece is empty or has no finite score: '{(bad.Text.Length > 60 ? bad.Text[..60] : bad.Text)}'.");
        }

        return Pieces.Any(p => p.Kind == PieceKind.Normal) ? this : throw Wrong("a SentencePiece model has pieces of text.");
    }

    private static (string Text, float Score, PieceKind Kind) Piece(ReadOnlySpan<byte> message, string file)
    {
        var (text, score, kind) = ("", 0f, PieceKind.Normal);
        var reader = new ProtoReader(message, file);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1:
                    text = Encoding.UTF8.GetString(reader.Data);
                    break;
                case 2:
                    score = reader.Single;
                    break;
                case 3:
                    kind = reader.Number is >= (long)PieceKind.Normal and <= (long)PieceKind.Byte
                        ? (PieceKind)reader.Number
                        : throw new CheckpointException(file, null, $"a piece is of type {reader.Number}; known are 1 to 6.");
                    break;
            }
        }

        return (text, score, kind);
    }

    private static SentencePieceModel Trainer(SentencePieceModel model, ReadOnlySpan<byte> message)
    {
        var reader = new ProtoReader(message, model.File);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 3 when reader.Number != Unigram:
                    throw new CheckpointException(model.File, null, $"this SentencePiece model is of type {reader.Number}; T5's is of type {Unigram}, unigram.");
                case 24 when reader.Number != 0:
                    throw new CheckpointException(model.File, null, "this SentencePiece model puts spaces behind words (treat_whitespace_as_suffix), which is not computed here.");
                case 35:
                    model = model with { FallsBackToBytes = reader.Number != 0 };
                    break;
            }
        }

        return model;
    }

    private static SentencePieceModel Normalizer(SentencePieceModel model, ReadOnlySpan<byte> message)
    {
        var reader = new ProtoReader(message, model.File);
        while (reader.Next())
        {
            model = reader.Field switch
            {
                2 => model with { CharacterMap = reader.Data.ToArray() },
                3 => model with { AddsPrefix = reader.Number != 0 },
                4 => model with { JoinsSpaces = reader.Number != 0 },
                5 => model with { EscapesSpaces = reader.Number != 0 },
                _ => model,
            };
        }

        return model;
    }

    /// <summary>The byte of a piece such as <c>&lt;0x0A&gt;</c>; null for others.</summary>
    public static byte? ByteOf(string text) => text.Length == 6 && text.StartsWith("<0x", StringComparison.Ordinal) && text[5] == '>' && byte.TryParse(text.AsSpan(3, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value)
        ? value
        : null;
}
