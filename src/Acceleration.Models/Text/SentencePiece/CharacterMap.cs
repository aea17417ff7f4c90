using System.Buffers.Binary;

namespace Acceleration.Models;

/// <summary>
/// The compiled map of a SentencePiece model: a double array (Aoe, "An efficient digital search algorithm by using a double-array structure", 1989, in the form of Darts-clone) from the bytes of characters to
/// places in a list of replacements. Nothing in it is trusted.
/// </summary>
internal sealed class CharacterMap
{
    private readonly uint[] _units;
    private readonly byte[] _replacements;

    /// <param name="compiled">The size of the array in bytes, the array, and the replacements, each with a NUL behind it.</param>
    /// <param name="file">Its file, for messages.</param>
    /// <exception cref="CheckpointException">It is cut off.</exception>
    public CharacterMap(byte[] compiled, string file)
    {
        var size = compiled.Length >= 4 ? BinaryPrimitives.ReadUInt32LittleEndian(compiled) : uint.MaxValue;
        if (size > compiled.Length - 4 || size % 4 != 0 || (compiled.Length > 4 + size && compiled[^1] != 0))
        {
            throw new CheckpointException(file, null, "the map of characters (precompiled_charsmap) is cut off.");
        }

        _units = new uint[size / 4];
        for (var i = 0; i < _units.Length; i++)
        {
            _units[i] = BinaryPrimitives.ReadUInt32LittleEndian(compiled.AsSpan(4 + (4 * i)));
        }

        _replacements = compiled[(4 + (int)size)..];
    }

    /// <summary>The longest beginning of a text that the map replaces.</summary>
    /// <param name="text">UTF-8.</param>
    /// <param name="replacement">What takes its place; may be empty.</param>
    /// <returns>How many bytes are replaced; 0 for none.</returns>
    public int Longest(ReadOnlySpan<byte> text, out ReadOnlySpan<byte> replacement)
    {
        replacement = default;
        if (_units.Length == 0)
        {
            return 0;
        }

        var (longest, node) = (0, Offset(_units[0]));
        for (var i = 0; i < text.Length; i++)
        {
            node ^= text[i];
            if (node >= _units.Length || Label(_units[node]) != text[i])
            {
                break;
            }

            var unit = _units[node];
            node ^= Offset(unit);
            if (HasValue(unit) && node < _units.Length && Value(_units[node]) is var at && at < _replacements.Length)
            {
                var rest = _replacements.AsSpan((int)at);
                longest = i + 1;
                replacement = rest[..rest.IndexOf((byte)0)];
            }
        }

        return longest;
    }

    private static bool HasValue(uint unit) => ((unit >> 8) & 1) == 1;

    private static uint Value(uint unit) => unit & 0x7FFFFFFF;

    private static uint Label(uint unit) => unit & 0x800000FF;

    private static uint Offset(uint unit) => (unit >> 10) << (int)((unit & (1u << 9)) >> 6);
}
