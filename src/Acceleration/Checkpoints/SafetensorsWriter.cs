using static TorchSharp.torch;

namespace Acceleration;

/// <summary>Writes safetensors files: checks everything first, then writes beside the target and renames.</summary>
internal static class SafetensorsWriter
{
    // A span cannot be longer than 2 GB; a tensor can.
    private const int WrittenAtOnce = 1 << 24;

    public static void Write(
        string path, IEnumerable<(string Name, Tensor Tensor)> tensors, IReadOnlyDictionary<string, string>? metadata)
    {
        var ordered = Order(tensors);
        var header = SafetensorsHeaderWriter.Bytes(ordered, metadata);
        if (Directory.Exists(path))
        {
            throw new IOException($"Cannot write a checkpoint to '{path}': this is a directory.");
        }

        var unfinished = $"{path}.{Guid.NewGuid():N}.tmp";
        try
        {
            using (var stream = new FileStream(unfinished, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0))
            {
                stream.Write(header);
                foreach (var (_, tensor) in ordered)
                {
                    WriteData(stream, tensor);
                }

                stream.Flush(flushToDisk: true);
            }

            File.Move(unfinished, path, overwrite: true);
        }
        catch
        {
            if (File.Exists(unfinished))
            {
                File.Delete(unfinished);
            }

            throw;
        }
    }

    private static List<(string Name, Tensor Tensor)> Order(IEnumerable<(string Name, Tensor Tensor)> tensors)
    {
        var seen = new HashSet<string>();
        var accepted = new List<(string Name, Tensor Tensor)>();
        foreach (var (name, tensor) in tensors)
        {
            ArgumentNullException.ThrowIfNull(name, nameof(tensors));
            ArgumentNullException.ThrowIfNull(tensor, nameof(tensors));
            if (name == SafetensorsHeader.MetadataKey)
            {
                throw new ArgumentException($"A tensor cannot be named '{name}'; the format reserves that name.", nameof(tensors));
            }

            if (!seen.Add(name))
            {
                throw new ArgumentException($"Two tensors are named '{name}'; names must be unique.", nameof(tensors));
            }

            if (tensor.is_sparse || SafetensorsDType.NameOf(tensor.dtype) is null)
            {
                throw new ArgumentException(
                    $"Tensor '{name}' is {(tensor.is_sparse ? "sparse" : tensor.dtype)}; a safetensors file stores dense {SafetensorsDType.Names}.",
                    nameof(tensors));
            }

            accepted.Add((name, tensor));
        }

        return [.. accepted.OrderByDescending(pair => SafetensorsDType.SizeOf(pair.Tensor.dtype))];
    }

    private static void WriteData(FileStream stream, Tensor tensor)
    {
        using var scope = NewDisposeScope();
        var flat = HostReads.Copy(tensor).view(-1);
        var count = flat.numel();
        var step = WrittenAtOnce / SafetensorsDType.SizeOf(tensor.dtype);
        for (long first = 0; first < count; first += step)
        {
            using var part = flat.narrow(0, first, Math.Min(step, count - first));
            stream.Write(part.bytes);
        }
    }
}
