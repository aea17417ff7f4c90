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

    /// <summary>A part of this tensor under another name.</summary>
    /// <param name="name">The name.</param>
    /// <param name="shape">Its shape; as many elements at most.</param>
    /// <exception cref="ArgumentException">It would have more elements.</exception>
    public TensorEntry As(string name, IReadOnlyList<long> shape)
    {
        ArgumentNullException.ThrowIfNull(shape);
        long elements = shape.Aggregate(1L, (product, size) => product * size), all = Shape.Aggregate(1L, (product, size) => product * size);
        return elements <= all
            ? new(name, DType, [.. shape], all == 0 ? 0 : Bytes / all * elements, Begin)
            : throw new ArgumentException($"[{string.Join(", ", shape)}] has more elements than {this}.", nameof(shape));
    }

    /// <summary>Name, element type and shape, for messages.</summary>
    public override string ToString() => $"{Name} {DType} [{string.Join(", ", Shape)}]";
}
