using System.Buffers;
using System.Text;

namespace Acceleration.Models;

/// <summary>Turns a text into what SentencePiece looks for pieces in: characters mapped, spaces joined and written as ▁.</summary>
internal sealed class SentenceNormalizer
{
    private const byte Space = (byte)' ';

    private readonly CharacterMap? _map;
    private readonly bool _joins;
    private readonly byte[] _spaceSymbol;
    private readonly byte[][] _verbatim;

    /// <exception cref="CheckpointException">The map of characters is malformed.</exception>
    public SentenceNormalizer(SentencePieceModel model)
    {
        _map = model.CharacterMap.Length == 0 ? null : new(model.CharacterMap, model.File);
        _joins = model.JoinsSpaces;
        _spaceSymbol = model.EscapesSpaces ? Encoding.UTF8.GetBytes("▁") : [Space];
        _verbatim = [.. model.Pieces.Where(p => p.Kind == PieceKind.UserDefined).Select(p => Encoding.UTF8.GetBytes(p.Text)).OrderByDescending(p => p.Length)];
    }

    /// <param name="text">The text; halves of pairs become U+FFFD.</param>
    /// <param name="addsPrefix">Whether a space is put in front.</param>
    public string Normalize(string text, bool addsPrefix)
    {
        ReadOnlySpan<byte> rest = Encoding.UTF8.GetBytes(text);
        var normal = new ArrayBufferWriter<byte>(Math.Max(16, rest.Length + 8));
        while (_joins && !rest.IsEmpty && Prefix(rest, out var first) is var length && first.SequenceEqual([Space]))
        {
            rest = rest[length..];
        }

        if (rest.IsEmpty)
        {
            return "";
        }

        if (addsPrefix)
        {
            normal.Write(_spaceSymbol);
        }

        var afterSpace = _joins;
        while (!rest.IsEmpty)
        {
            var length = Prefix(rest, out var mapped);
            if (afterSpace)
            {
                mapped = mapped.TrimStart(Space);
            }

            foreach (var b in mapped)
            {
                normal.Write(b == Space ? _spaceSymbol : [b]);
            }

            afterSpace = _joins && (mapped.IsEmpty ? afterSpace : mapped[^1] == Space);
            rest = rest[length..];
        }

        var written = normal.WrittenSpan;
        while (_joins && written.EndsWith(_spaceSymbol))
        {
            written = written[..^_spaceSymbol.Length];
        }

        return Encoding.UTF8.GetString(written);
    }

    /// <summary>What the beginning of a text becomes, and how long that beginning is.</summary>
    private int Prefix(ReadOnlySpan<byte> text, out ReadOnlySpan<byte> mapped)
    {
        foreach (var symbol in _verbatim)
        {
            if (text.StartsWith(symbol))
            {
                mapped = text[..symbol.Length];
                return symbol.Length;
            }
        }

        if (_map?.Longest(text, out mapped) is { } length and > 0)
        {
            return length;
        }

        Rune.DecodeFromUtf8(text, out _, out var consumed);
        mapped = text[..consumed];
        return consumed;
    }
}
