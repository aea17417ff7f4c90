using static TorchSharp.torch;

namespace Acceleration;

/// <summary>
/// Named tensors on disk, whether they lie in one file (<see cref="SafetensorsFile"/>) or in several (<see cref="ShardedCheckpoint"/>). <see cref="Checkpoint.Open"/> tells which.
/// Fully validated when it is opened; tensors are read on demand. Members may be used from several threads.
/// </summary>
public interface ICheckpoint : IDisposable
{
    /// <summary>The file it was opened from: the checkpoint, or the index of its shards.</summary>
    string FilePath { get; }

    /// <summary>What people call it: the file's name without its extensions.</summary>
    string Name => FilePath.EndsWith(Checkpoint.IndexSuffix, StringComparison.OrdinalIgnoreCase) ? Path.GetFileName(FilePath)[..^Checkpoint.IndexSuffix.Length] : Path.GetFileNameWithoutExtension(FilePath);

    /// <summary>The free text the writer attached; of shards, what all of them say alike.</summary>
    IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>The tensor names in the order of their data, which is the fastest order to read them in.</summary>
    IReadOnlyList<string> Names { get; }

    /// <summary>Element type, shape and size of every tensor by name.</summary>
    IReadOnlyDictionary<string, TensorEntry> Tensors { get; }

    /// <summary>Reads one tensor, owned by the caller (or the current dispose scope).</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="dtype">Element type wanted; null keeps the stored one.</param>
    /// <param name="device">Device wanted; null means CPU.</param>
    /// <returns>
    /// A tensor of the stored shape. With the stored element type on the CPU it is a view of the mapped file, without a copy unless the data is not aligned for its element type: the file must not
    /// shrink while such a tensor lives. Otherwise it is <see cref="ReadCopy"/>'s.
    /// </returns>
    /// <exception cref="CheckpointException">There is no such tensor, a BOOL tensor holds bytes other than 0 and 1, or the file has shrunk.</exception>
    /// <exception cref="ObjectDisposedException">This object is disposed.</exception>
    Tensor Read(string name, ScalarType? dtype = null, Device? device = null);

    /// <summary>Reads one tensor into memory of its own, a few megabytes at a time. Nothing that happens to the file later matters to it.</summary>
    /// <inheritdoc cref="Read"/>
    /// <returns>A contiguous tensor of the stored shape.</returns>
    Tensor ReadCopy(string name, ScalarType? dtype = null, Device? device = null);

    /// <summary>Reads one tensor into memory that is there already, converting on the way: several become one without being held twice.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="target">A tensor of the stored shape, of any element type, device and layout.</param>
    /// <exception cref="ArgumentException">The target has another shape.</exception>
    /// <inheritdoc cref="Read" path="/exception"/>
    void ReadInto(string name, Tensor target)
    {
        ArgumentNullException.ThrowIfNull(target);
        using var copy = ReadCopy(name, target.dtype, target.device);
        CopiedTensor.RequireShape(target, copy.shape, name);
        target.copy_(copy);
    }

    /// <summary>
    /// 12 hexadecimal digits over names, types and shapes of all tensors and a sample of their data: tells trained networks apart at the cost of a few megabytes read, whatever the size. The same tensors
    /// divided among other files have other digits.
    /// </summary>
    /// <exception cref="CheckpointException">A file has shrunk.</exception>
    /// <exception cref="ObjectDisposedException">This object is disposed.</exception>
    string Fingerprint();
}
