using TorchSharp;
using static TorchSharp.torch;

namespace Acceleration;

/// <summary>
/// A safetensors checkpoint, memory-mapped and fully validated when it is opened; tensors are read on demand.
/// </summary>
/// <remarks>
/// The mapping is private: writing into a tensor never changes the file, but tensors read twice without conversion share
/// the change. The mapping lives until this object and all tensors over it are disposed, in any order. While it lives, the
/// file may be deleted or replaced by renaming (<see cref="Write"/> does so; Windows refuses both) but must not be
/// truncated or rewritten in place. The system must be willing to back the whole file with private memory, so a file much
/// larger than memory and swap together cannot be opened. Members may be used from several threads.
/// </remarks>
public sealed class SafetensorsFile : IDisposable
{
    private readonly FileMapping _mapping;
    private readonly long _dataStart;

    private SafetensorsFile(string filePath, SafetensorsHeader header, FileMapping mapping)
    {
        FilePath = filePath;
        Metadata = header.Metadata;
        Names = [.. header.Entries.Select(entry => entry.Name)];
        Tensors = header.Entries.ToDictionary(entry => entry.Name).AsReadOnly();
        _dataStart = header.DataStart;
        _mapping = mapping;
    }

    /// <summary>The path the file was opened with.</summary>
    public string FilePath { get; }

    /// <summary>The free text the writer attached; empty when there is none.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>The tensor names in the order of their data, which is the fastest order to read them in.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>Element type, shape and size of every tensor by name.</summary>
    public IReadOnlyDictionary<string, TensorEntry> Tensors { get; }

    /// <summary>Maps a file and validates its whole header; reads no tensor data.</summary>
    /// <param name="path">Path of a .safetensors file.</param>
    /// <exception cref="CheckpointException">The file is missing, unreadable or violates the format.</exception>
    /// <exception cref="PlatformNotSupportedException">The processor is big-endian.</exception>
    public static SafetensorsFile Open(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        RequireLittleEndian();
        if (Directory.Exists(path))
        {
            throw new CheckpointException(path, null, "this is a directory; name a .safetensors file inside it.");
        }

        try
        {
            using var stream = new FileStream(
                path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, bufferSize: 0);
            var length = stream.Length;
            var header = SafetensorsHeader.Read(stream, length, path);
            return new(path, header, new FileMapping(stream, length));
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new CheckpointException(path, null, "the file does not exist.", error);
        }
        catch (Exception error) when (error is not CheckpointException && error is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new CheckpointException(path, null, $"the file cannot be read: {error.Message}", error);
        }
    }

    /// <summary>Writes tensors to a new file that takes the place of any file at the path only once it is complete.</summary>
    /// <param name="path">Path to write to; its directory must exist.</param>
    /// <param name="tensors">
    /// Unique names with dense tensors of any device and layout, which stay the caller's. Wider element types are stored
    /// first, so that all data is aligned; otherwise the order is kept.
    /// </param>
    /// <param name="metadata">Free text to attach.</param>
    /// <exception cref="ArgumentException">A name is used twice or reserved, or an element type has no place in the format.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="PlatformNotSupportedException">The processor is big-endian.</exception>
    public static void Write(
        string path, IEnumerable<(string Name, Tensor Tensor)> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(tensors);
        RequireLittleEndian();
        SafetensorsWriter.Write(path, tensors, metadata);
    }

    /// <summary>Reads one tensor, owned by the caller (or the current dispose scope).</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="dtype">Element type wanted; null keeps the stored one.</param>
    /// <param name="device">Device wanted; null means CPU.</param>
    /// <returns>
    /// A tensor of the stored shape. With the stored element type on the CPU it is a view of the mapped file, without a copy
    /// unless the data is not aligned for its element type; otherwise a converted copy.
    /// </returns>
    /// <exception cref="CheckpointException">The file has no such tensor, or a BOOL tensor holds bytes other than 0 and 1.</exception>
    /// <exception cref="ObjectDisposedException">This object is disposed.</exception>
    public Tensor Read(string name, ScalarType? dtype = null, Device? device = null)
    {
        ArgumentNullException.ThrowIfNull(name);
        ObjectDisposedException.ThrowIf(_mapping.IsClosed, this);
        if (!Tensors.TryGetValue(name, out var entry))
        {
            var nearest = NearestName.Of(name, Names);
            throw new CheckpointException(
                FilePath, name, nearest is null
                    ? $"the file has no such tensor among its {Names.Count}."
                    : $"the file has no such tensor among its {Names.Count}; the nearest name is '{CheckpointException.Shorten(nearest)}'.");
        }

        RequireTruthValues(entry);
        var stored = MappedTensor.Read(_mapping, _dataStart + entry.Begin, entry);
        var type = dtype ?? entry.DType;
        var target = device ?? CPU;
        if (type == entry.DType && target.type == DeviceType.CPU)
        {
            return stored;
        }

        using (stored)
        {
            return stored.to(type, target);
        }
    }

    /// <summary>
    /// 12 hexadecimal digits over names, types and shapes of all tensors and a sample of their data: tells trained networks apart at the cost of a few megabytes read, whatever the file's size.
    /// </summary>
    /// <exception cref="ObjectDisposedException">This object is disposed.</exception>
    public string Fingerprint() => CheckpointFingerprint.Of(_mapping, _dataStart, [.. Names.Select(n => Tensors[n])]);

    /// <summary>Ends reading. Tensors already read stay valid and keep the file mapped until they are disposed.</summary>
    public void Dispose() => _mapping.Dispose();

    // Compiled code assumes that a bool is 0 or 1; any other byte makes operators disagree about one element.
    private void RequireTruthValues(TensorEntry entry)
    {
        if (entry.DType != ScalarType.Bool || entry.Bytes == 0)
        {
            return;
        }

        using var bytes = MappedTensor.View(_mapping, _dataStart + entry.Begin, ScalarType.Byte, [entry.Bytes]);
        using var largest = bytes.max();
        if (largest.ToByte() > 1)
        {
            throw new CheckpointException(FilePath, entry.Name, $"its BOOL data holds the byte {largest.ToByte()}; only 0 and 1 are valid.");
        }
    }

    private static void RequireLittleEndian()
    {
        if (!BitConverter.IsLittleEndian)
        {
            throw new PlatformNotSupportedException("Safetensors data is little-endian; this processor is big-endian, which is not supported.");
        }
    }
}
