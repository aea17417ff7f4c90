using System.Buffers.Binary;
using System.Text.Unicode;
using Microsoft.Win32.SafeHandles;

namespace Acceleration;

/// <summary>
/// The header of a safetensors file: eight bytes of little-endian length, then JSON of that length. Reading it checks
/// everything that can be checked without the data, so that no later read can leave the file.
/// </summary>
internal sealed class SafetensorsHeader
{
    public const string MetadataKey = "__metadata__";
    public const int LengthBytes = 8;
    public const int MaxJsonBytes = 100_000_000;

    private SafetensorsHeader(long dataStart, IReadOnlyDictionary<string, string> metadata, IReadOnlyList<TensorEntry> entries)
    {
        DataStart = dataStart;
        Metadata = metadata;
        Entries = entries;
    }

    /// <summary>Offset in the file at which the data begins.</summary>
    public long DataStart { get; }

    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>The tensors in the order of their data.</summary>
    public IReadOnlyList<TensorEntry> Entries { get; }

    public static SafetensorsHeader Read(SafeFileHandle handle, long fileLength, string file)
    {
        if (fileLength < LengthBytes)
        {
            throw new CheckpointException(
                file, null, $"the file has {fileLength} bytes, too few for the {LengthBytes}-byte header length of a safetensors file.");
        }

        var json = ReadJson(handle, fileLength, file);
        if (!Utf8.IsValid(json))
        {
            throw new CheckpointException(file, null, "the header is not valid UTF-8.");
        }

        if (json is not [(byte)'{', ..])
        {
            throw new CheckpointException(file, null, "the header must be a JSON object that begins with '{'.");
        }

        var dataStart = LengthBytes + (long)json.Length;
        var layout = new SafetensorsLayout(fileLength - dataStart, file);
        var (metadata, entries) = SafetensorsHeaderParser.Parse(json, layout, file);
        return new(dataStart, metadata, layout.InDataOrder(entries));
    }

    private static byte[] ReadJson(SafeFileHandle handle, long fileLength, string file)
    {
        Span<byte> prefix = stackalloc byte[LengthBytes];
        ReadAt.Exactly(handle, prefix, 0, file, null);
        var length = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        if (length > MaxJsonBytes)
        {
            throw new CheckpointException(
                file,
                null,
                $"the header length {length} exceeds the format's limit of {MaxJsonBytes} bytes; probably not a safetensors file.");
        }

        if (length > (ulong)(fileLength - LengthBytes))
        {
            throw new CheckpointException(
                file, null, $"the header length {length} reaches beyond the end of the file ({fileLength} bytes); the file is truncated.");
        }

        var json = new byte[length];
        ReadAt.Exactly(handle, json, LengthBytes, file, null);
        return json;
    }
}
