using System.Security.Cryptography;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Acceleration.Onnx;

/// <summary>
/// A hash of the weights' names, types and sizes, and of a few KiB from the middle of each, as checkpoints have it (<see cref="ICheckpoint.Fingerprint"/>). It does not depend on where they lie: a model that was split, or whose weights were moved to
/// a file of their own, has the same.
/// </summary>
internal static class WeightsFingerprint
{
    private const int SampledBytes = 4096;
    private const int SampledWeights = 4096;

    /// <param name="files">The model's file, or those of its parts.</param>
    /// <returns>12 hexadecimal digits; null where there are no weights, or the files are of another format than ONNX's own.</returns>
    /// <exception cref="OnnxException">A file cannot be read.</exception>
    public static string? Of(params IEnumerable<string> files)
    {
        var reading = "";
        try
        {
            var weights = new SortedDictionary<string, StoredWeight>(StringComparer.Ordinal);
            foreach (var file in files)
            {
                reading = file;
                foreach (var weight in StoredWeights.Of(file))
                {
                    weights.TryAdd(weight.Name, weight);
                }
            }

            return weights.Count == 0 ? null : Of(weights.Values);
        }
        catch (InvalidDataException)
        {
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new OnnxException(reading, $"its weights cannot be read: {e.Message}", e);
        }
    }

    private static string Of(IReadOnlyCollection<StoredWeight> weights)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var every = 1 + ((weights.Count - 1) / SampledWeights);
        var buffer = new byte[SampledBytes];
        var open = new Dictionary<string, SafeFileHandle?>();
        try
        {
            foreach (var (weight, i) in weights.Select((w, i) => (w, i)))
            {
                hash.AppendData(Encoding.UTF8.GetBytes($"{weight.Name} {weight.Form}\n"));
                if (i % every == 0)
                {
                    hash.AppendData(Middle(weight, buffer, open));
                }
            }
        }
        finally
        {
            foreach (var file in open.Values)
            {
                file?.Dispose();
            }
        }

        return ShortHash.Of(hash.GetHashAndReset());
    }

    /// <summary>What is there of a weight's middle; whether a model may be without it is for ONNX Runtime to say.</summary>
    private static ReadOnlySpan<byte> Middle(StoredWeight weight, byte[] buffer, Dictionary<string, SafeFileHandle?> open)
    {
        if (!open.TryGetValue(weight.File, out var file))
        {
            open[weight.File] = file = File.Exists(weight.File) && SpecialFile.KindOf(weight.File) is null ? File.OpenHandle(weight.File) : null;
        }

        var bytes = file is null ? 0 : Math.Clamp(RandomAccess.GetLength(file) - weight.Begin, 0, weight.Bytes ?? long.MaxValue);
        if (file is null || bytes == 0)
        {
            return [];
        }

        var length = (int)Math.Min(buffer.Length, bytes);
        var read = 0;
        while (read < length && RandomAccess.Read(file, buffer.AsSpan(read, length - read), weight.Begin + ((bytes - length) / 2) + read) is > 0 and var more)
        {
            read += more;
        }

        return buffer.AsSpan(0, read);
    }
}
