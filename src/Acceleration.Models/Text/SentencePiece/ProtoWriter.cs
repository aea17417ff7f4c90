using System.Text;

namespace Acceleration.Models;

/// <summary>Writes protocol buffers' wire format.</summary>
internal sealed class ProtoWriter
{
    private readonly MemoryStream _bytes = new();

    public byte[] ToArray() => _bytes.ToArray();

    public void Number(int field, long number)
    {
        Varint((ulong)field << 3);
        Varint((ulong)number);
    }

    public void Single(int field, float number)
    {
        Varint(((ulong)field << 3) | 5);
        _bytes.Write(BitConverter.GetBytes(number));
    }

    public void Text(int field, string text) => Data(field, Encoding.UTF8.GetBytes(text));

    public void Data(int field, byte[] data)
    {
        Varint(((ulong)field << 3) | 2);
        Varint((ulong)data.Length);
        _bytes.Write(data);
    }

    private void Varint(ulong value)
    {
        for (; value > 127; value >>= 7)
        {
            _bytes.WriteByte((byte)((value & 127) | 128));
        }

        _bytes.WriteByte((byte)value);
    }
}
