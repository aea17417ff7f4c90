using TorchSharp;
using static TorchSharp.torch;

namespace Acceleration;

/// <summary>Compiled code assumes that a bool is 0 or 1; any other byte makes operators disagree about one element.</summary>
internal static class TruthValues
{
    /// <exception cref="CheckpointException">Bytes of a BOOL tensor are neither.</exception>
    public static void Require(ReadOnlySpan<byte> bytes, string file, TensorEntry entry)
    {
        if (entry.DType == ScalarType.Bool && bytes.IndexOfAnyExceptInRange((byte)0, (byte)1) is >= 0 and var at)
        {
            throw Fault(bytes[at], file, entry);
        }
    }

    /// <inheritdoc cref="Require(ReadOnlySpan{byte}, string, TensorEntry)"/>
    public static void Require(FileMapping mapping, long offset, string file, TensorEntry entry)
    {
        if (entry.DType != ScalarType.Bool || entry.Bytes == 0)
        {
            return;
        }

        using var bytes = MappedTensor.View(mapping, offset, ScalarType.Byte, [entry.Bytes]);
        using var largest = bytes.max();
        if (largest.ToByte() > 1)
        {
            throw Fault(largest.ToByte(), file, entry);
        }
    }

    private static CheckpointException Fault(byte found, string file, TensorEntry entry) =>
        new(file, entry.Name, $"its BOOL data holds the byte {found}; only 0 and 1 are valid.");
}
