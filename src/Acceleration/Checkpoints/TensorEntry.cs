using static TorchSharp.torch;

namespace Acceleration;

/// <summary>What a checkpoint says about one tensor, known without reading its data.</summary>
public sealed class TensorEntry
{
    internal TensorEntry(string name, ScalarType dtype, long[] shape, long bytes, long begin)
    {
        Name = name;
        DType = dtype;
        Shape = Array.AsReadOnly(shape);
        Bytes = bytes;
        Begin = begin;
    }

    /// <summary>The tensor's name, unique in its file.</summary>
    public string Name { get; }

    /// <summary>The element type the file stores.</summary>
    public ScalarType DType { get; }

    /// <summary>The size of each dimension; empty for a scalar.</summary>
    public IReadOnlyList<long> Shape { get; }

    /// <summary>Size of the stored data in bytes: product of <see cref="Shape"/> times the size of <see cref="DType"/>.</summary>
    public long Bytes { get; }

    /// <summary>Where the data begins, in bytes after the header.</summary>
    internal long Begin { get; }

    internal long End => Begin + Bytes;

    /// <summary>Name, element type and shape, for messages.</summary>
    public override string ToString() => $"{Name} {DType} [{string.Join(", ", Shape)}]";
}
