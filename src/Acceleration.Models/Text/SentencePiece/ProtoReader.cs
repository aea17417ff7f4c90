using System.Buffers.Binary;

namespace Acceleration.Models;

/// <summary>The fields of a message in protocol buffers' wire format, one after the other.</summary>
/// <param name="message">The message.</param>
/// <param name="file">Its file, for messages.</param>
internal ref struct ProtoReader(ReadOnlySpan<byte> message, string file)
{
    private const int Varint = 0;
    private const int Fixed64 = 1;
    private const int Bytes = 2;
    private const int Fixed32 = 5;

    private ReadOnlySpan<byte> _rest = message;
    private int _type;

    /// <summary>Number of the field that was found.</summary>
    public int Field { get; private set; }

    /// <summary>A whole number or a truth value.</summary>
    public long Number { get; private set; }

    /// <summary>Bytes, a text or a message.</summary>
    public ReadOnlySpan<byte> Data { get; private set; }

    /// <summary>A single-precision number.</summary>
    public readonly float Single => BitConverter.Int32BitsToSingle((int)Number);

    /// <summary>Goes to the next field.</summary>
    /// <exception cref="CheckpointException">The message is cut off or malformed.</exception>
    public bool Next()
    {
        if (_rest.IsEmpty)
        {
            return false;
        }

        var key = ReadVarint();
        (Field, _type) = ((int)(key >> 3), (int)(key & 7));
        Number = 0;
        Data = default;
        switch (_type)
        {
            case Varint:
                Number = (long)ReadVarint();
                break;
            case Fixed32:
                Number = BinaryPrimitives.ReadInt32LittleEndian(Take(4));
                break;
            case Fixed64:
                Number = BinaryPrimitives.ReadInt64LittleEndian(Take(8));
                break;
            case Bytes:
                Data = Take(ReadVarint());
                break;
            default:
                throw Malformed();
        }

        return true;
    }

    private ulong ReadVarint()
    {
        ulong value = 0;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var part = Take(1)[0];
            value |= (ulong)(part & 127) << shift;
            if (part < 128)
            {
                return value;
            }
        }

        throw Malformed();
    }

    private ReadOnlySpan<byte> Take(ulong count)
    {
        if (count > (ulong)_rest.Length)
        {
            throw Malformed();
        }

        var taken = _rest[..(int)count];
        _rest = _rest[(int)count..];
        return taken;
    }

    private readonly CheckpointException Malformed() => new(file, null, "the file is no SentencePiece model, or is cut off.");
}
