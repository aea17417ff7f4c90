using System.Security.Cryptography;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Acceleration;

/// <summary>A hash of names, types and shapes, and of a few KiB from the middle of each tensor: what training or fine-tuning changes, without reading gigabytes.</summary>
internal static class CheckpointFingerprint
{
    private const int SampledBytes = 4096;
    private const int SampledTensors = 4096;

    public static string Of(SafeFileHandle handle, string file, long dataStart, IReadOnlyList<TensorEntry> entries)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var every = 1 + ((entries.Count - 1) / SampledTensors);
        var buffer = new byte[SampledBytes];
        for (var i = 0; i < entries.Count; i++)
        {
            var entry = entries[i];
            hash.AppendData(Encoding.UTF8.GetBytes($"{entry}\n"));
            var length = (int)Math.Min(SampledBytes, entry.Bytes);
            if (i % every != 0 || length == 0)
            {
                continue;
            }

            ReadAt.Exactly(handle, buffer.AsSpan(0, length), dataStart + entry.Begin + ((entry.Bytes - length) / 2), file, entry.Name);
            hash.AppendData(buffer.AsSpan(0, length));
        }

        return ShortHash.Of(hash.GetHashAndReset());
    }
}
