using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Acceleration.Onnx;

/// <summary>A field of a message: a number, or a stretch of the file.</summary>
/// <param name="Number">Its number in the schema.</param>
/// <param name="Value">The number, where it is one.</param>
/// <param name="Begin">Where its bytes begin, where it has some.</param>
/// <param name="Length">How many these are.</param>
internal readonly record struct WireField(int Number, ulong Value, long Begin, long Length);

/// <summary>A file of protocol buffers (https://protobuf.dev/programming-guides/encoding) by its fields, of which only the heads are read: what they hold may be gigabytes.</summary>
internal sealed class WireFile(string path) : IDisposable
{
    private const int BitsOfByte = 7;
    private const int MostBits = 64;
    private const int LongestText = 1 << 20;
    private readonly SafeFileHandle _file = File.OpenHandle(path);
    private readonly byte[] _window = new byte[1 << 13];
    private long _start;
    private int _count;

    /// <summary>Fields of the whole file's message.</summary>
    /// <exception cref="InvalidDataException">Here or later: it is none.</exception>
    public IEnumerable<WireField> Fields() => Fields(0, RandomAccess.GetLength(_file));

    /// <summary>Fields of a message in it.</summary>
    /// <exception cref="InvalidDataException">It is none.</exception>
    public IEnumerable<WireField> Fields(WireField message) => Fields(message.Begin, message.Begin + message.Length);

    /// <summary>Numbers of a repeated field, of which each writer chooses whether they lie together.</summary>
    public IEnumerable<ulong> Numbers(WireField field)
    {
        if (field.Length == 0)
        {
            yield return field.Value;
        }

        for (var at = field.Begin; at < field.Begin + field.Length;)
        {
            yield return Number(ref at, field.Begin + field.Length);
        }
    }

    /// <exception cref="InvalidDataException">It is longer than names are.</exception>
    public string Text(WireField field)
    {
        var bytes = field.Length <= LongestText ? new byte[field.Length] : throw new InvalidDataException($"a name has {field.Length} bytes");
        var read = 0;
        while (read < bytes.Length)
        {
            var more = RandomAccess.Read(_file, bytes.AsSpan(read), field.Begin + read);
            read += more > 0 ? more : throw Cut();
        }

        return Encoding.UTF8.GetString(bytes);
    }

    public void Dispose() => _file.Dispose();

    private IEnumerable<WireField> Fields(long at, long end)
    {
        while (at < end)
        {
            var key = Number(ref at, end);
            var (value, length) = (key & 7) switch
            {
                0 => (Number(ref at, end), 0L),
                1 => (0UL, sizeof(ulong)),
                2 => (0UL, (long)Math.Min(Number(ref at, end), long.MaxValue)),
                5 => (0UL, sizeof(uint)),
                var kind => throw new InvalidDataException($"a field is of kind {kind}"),
            };
            yield return length <= end - at ? new((int)Math.Min(key >> 3, int.MaxValue), value, at, length) : throw Cut();
            at += length;
        }
    }

    private ulong Number(ref long at, long end)
    {
        var number = 0UL;
        for (var bits = 0; bits < MostBits && at < end; bits += BitsOfByte)
        {
            var next = Byte(at++);
            number |= (ulong)(next & 0x7F) << bits;
            if (next < 0x80)
            {
                return number;
            }
        }

        throw Cut();
    }

    private byte Byte(long at)
    {
        if (at < _start || at >= _start + _count)
        {
            (_start, _count) = (at, RandomAccess.Read(_file, _window, at));
        }

        return _count > 0 ? _window[at - _start] : throw Cut();
    }

    private static InvalidDataException Cut() => new("a field ends beyond its message");
}
