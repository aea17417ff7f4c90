using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using static TorchSharp.torch;

namespace Acceleration;

/// <summary>Writes the header for tensors whose data will follow in the given order without gaps.</summary>
internal static class SafetensorsHeaderWriter
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static byte[] Bytes(List<(string Name, Tensor Tensor)> tensors, IReadOnlyDictionary<string, string>? metadata)
    {
        var header = new ArrayBufferWriter<byte>();
        header.Write(stackalloc byte[SafetensorsHeader.LengthBytes]);
        using (var json = new Utf8JsonWriter(header, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            WriteMetadata(json, metadata);
            long begin = 0;
            foreach (var (name, tensor) in tensors)
            {
                begin = WriteEntry(json, name, tensor, begin);
            }

            json.WriteEndObject();
        }

        // Padding to eight bytes aligns the data for every element type, since the widest come first.
        var padding = (SafetensorsHeader.LengthBytes - (header.WrittenCount % SafetensorsHeader.LengthBytes)) % SafetensorsHeader.LengthBytes;
        header.GetSpan(SafetensorsHeader.LengthBytes)[..padding].Fill((byte)' ');
        header.Advance(padding);

        var length = header.WrittenCount - SafetensorsHeader.LengthBytes;
        if (length > SafetensorsHeader.MaxJsonBytes)
        {
            throw new ArgumentException(
                $"Names and metadata make a header of {length} bytes; the format allows {SafetensorsHeader.MaxJsonBytes}.", nameof(tensors));
        }

        var bytes = header.WrittenSpan.ToArray();
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, (ulong)length);
        return bytes;
    }

    private static void WriteMetadata(Utf8JsonWriter json, IReadOnlyDictionary<string, string>? metadata)
    {
        if (metadata is null or { Count: 0 })
        {
            return;
        }

        json.WriteStartObject(SafetensorsHeader.MetadataKey);
        foreach (var (key, value) in metadata)
        {
            ArgumentNullException.ThrowIfNull(value, nameof(metadata));
            RequireText(key, nameof(metadata));
            RequireText(value, nameof(metadata));
            json.WriteString(key, value);
        }

        json.WriteEndObject();
    }

    private static long WriteEntry(Utf8JsonWriter json, string name, Tensor tensor, long begin)
    {
        RequireText(name, "tensors");
        json.WriteStartObject(name);
        json.WriteString("dtype", SafetensorsDType.NameOf(tensor.dtype));
        json.WriteStartArray("shape");
        foreach (var size in tensor.shape)
        {
            json.WriteNumberValue(size);
        }

        var end = begin + (tensor.numel() * SafetensorsDType.SizeOf(tensor.dtype));
        json.WriteEndArray();
        json.WriteStartArray("data_offsets");
        json.WriteNumberValue(begin);
        json.WriteNumberValue(end);
        json.WriteEndArray();
        json.WriteEndObject();
        return end;
    }

    private static void RequireText(string text, string argument)
    {
        try
        {
            StrictUtf8.GetByteCount(text);
        }
        catch (EncoderFallbackException error)
        {
            throw new ArgumentException($"'{text}' is not valid Unicode text and cannot be stored.", argument, error);
        }
    }
}
