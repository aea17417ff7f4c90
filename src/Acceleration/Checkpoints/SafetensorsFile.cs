using Microsoft.Win32.SafeHandles;
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
/// truncated or rewritten in place: the system ends a process that touches a page which is no longer there. Copies
/// (<see cref="ReadCopy"/>, and <see cref="Read"/> where it converts) do not use the mapping; they answer a shorter file with an exception.
/// The system must be willing to back the whole file with private memory, so a file much
/// larger than memory and swap together cannot be opened. A symbolic link is followed. Members may be used from several threads.
/// </remarks>
public sealed class SafetensorsFile : ICheckpoint
{
    private readonly SafeFileHandle _handle;
    private readonly FileMapping _mapping;
    private readonly long _dataStart;

    private SafetensorsFile(string filePath, SafetensorsHeader header, SafeFileHandle handle, FileMapping mapping)
    {
        FilePath = filePath;
        Metadata = header.Metadata;
        Names = [.. header.Entries.Select(entry => entry.Name)];
        Tensors = header.Entries.ToDictionary(entry => entry.Name).AsReadOnly();
        _dataStart = header.DataStart;
        (_handle, _mapping) = (handle, mapping);
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

        SafeFileHandle? handle = null;
        try
        {
            handle = ReadAt.Open(path, FileShare.Read | FileShare.Delete);
            var length = RandomAccess.GetLength(handle);
            var header = SafetensorsHeader.Read(handle, length, path);
            return new(path, header, handle, Map(handle, length, path));
        }
        catch (Exception error)
        {
            handle?.Dispose();
            if (error is not CheckpointException && error is IOException or UnauthorizedAccessException or NotSupportedException)
            {
                throw CheckpointException.Unreadable(path, error);
            }

            throw;
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

    /// <inheritdoc/>
    public Tensor Read(string name, ScalarType? dtype = null, Device? device = null)
    {
        var entry = Find(name);
        var (type, target, offset) = (dtype ?? entry.DType, device ?? CPU, _dataStart + entry.Begin);

        // The mapping begins on a page, so an offset is aligned in memory exactly when it is aligned in the file.
        if (type != entry.DType || target.type != DeviceType.CPU || entry.Bytes == 0 || offset % SafetensorsDType.SizeOf(entry.DType) != 0)
        {
            return CopiedTensor.Read(_handle, FilePath, offset, entry, type, target);
        }

        TruthValues.Require(_mapping, offset, FilePath, entry);
        return MappedTensor.View(_mapping, offset, entry.DType, [.. entry.Shape]);
    }

    /// <inheritdoc/>
    public Tensor ReadCopy(string name, ScalarType? dtype = null, Device? device = null)
    {
        var entry = Find(name);
        return CopiedTensor.Read(_handle, FilePath, _dataStart + entry.Begin, entry, dtype ?? entry.DType, device ?? CPU);
    }

    /// <inheritdoc/>
    public void ReadInto(string name, Tensor target)
    {
        ArgumentNullException.ThrowIfNull(target);
        var entry = Find(name);
        CopiedTensor.Into(target, _handle, FilePath, _dataStart + entry.Begin, entry);
    }

    /// <inheritdoc/>
    public string Fingerprint()
    {
        ObjectDisposedException.ThrowIf(_mapping.IsClosed, this);
        return CheckpointFingerprint.Of(_handle, FilePath, _dataStart, [.. Names.Select(n => Tensors[n])]);
    }

    /// <summary>Ends reading. Tensors already read stay valid and keep the file mapped until they are disposed.</summary>
    public void Dispose()
    {
        _mapping.Dispose();
        _handle.Dispose();
    }

    /// <summary>Maps the file as long as it was when its header was read.</summary>
    private static FileMapping Map(SafeFileHandle handle, long length, string path)
    {
        if (RandomAccess.GetLength(handle) != length)
        {
            throw Changed(null);
        }

        try
        {
            return new(handle, length);
        }
        catch (ArgumentOutOfRangeException error)
        {
            // It has grown since.
            throw Changed(error);
        }

        CheckpointException Changed(Exception? error) =>
            new(path, null, $"the file had {length} bytes when its header was read and has {RandomAccess.GetLength(handle)} now: something is writing to it.", error);
    }

    private TensorEntry Find(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        ObjectDisposedException.ThrowIf(_mapping.IsClosed, this);
        return Tensors.TryGetValue(name, out var entry) ? entry : throw CheckpointException.Missing(FilePath, name, Names);
    }

    private static void RequireLittleEndian()
    {
        if (!BitConverter.IsLittleEndian)
        {
            throw new PlatformNotSupportedException("Safetensors data is little-endian; this processor is big-endian, which is not supported.");
        }
    }
}
