using System.Runtime.InteropServices;

namespace Acceleration.Fuzz;

/// <summary>Bytes as the characters they are: an encoding would repair what is hostile.</summary>
internal static class Utf16
{
    public static string Text(ReadOnlySpan<byte> bytes) => new(MemoryMarshal.Cast<byte, char>(bytes));

    public static byte[] Bytes(string text) => MemoryMarshal.AsBytes(text.AsSpan()).ToArray();
}
