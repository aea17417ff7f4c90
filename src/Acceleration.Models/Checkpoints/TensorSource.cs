using static TorchSharp.torch;

namespace Acceleration.Models;

/// <summary>Where a tensor comes from when a checkpoint is seen in another layout.</summary>
/// <param name="Stored">The name of the stored tensor.</param>
internal sealed record TensorSource(string Stored)
{
    /// <summary>First row of it along dimension 0.</summary>
    public long First { get; init; }

    /// <summary>Number of rows along dimension 0; null for all.</summary>
    public long? Count { get; init; }

    /// <summary>Whether the two halves along dimension 0 change places.</summary>
    public bool SwapsHalves { get; init; }

    /// <summary>Whether it is stored transposed.</summary>
    public bool Transposes { get; init; }

    /// <summary>Whether dimensions of size 1 at the end are dropped: 1×1 convolutions that are linear layers.</summary>
    public bool DropsUnits { get; init; }

    /// <summary>The shape that comes of a stored one.</summary>
    public long[] ShapeOf(IReadOnlyList<long> stored)
    {
        long[] shape = [.. stored];
        if (Count is { } count)
        {
            shape[0] = count;
        }

        if (DropsUnits)
        {
            shape = shape[..Math.Min(shape.Length, 2)];
        }

        return Transposes ? [shape[1], shape[0]] : shape;
    }

    /// <summary>Makes the tensor of the stored one, in the caller's scope.</summary>
    public Tensor Apply(Tensor stored)
    {
        var x = stored;
        if (Count is { } count)
        {
            x = x.narrow(0, First, count);
        }

        if (DropsUnits)
        {
            x = x.reshape(ShapeOf(stored.shape));
        }

        if (SwapsHalves)
        {
            var half = x.size(0) / 2;
            x = cat([x.narrow(0, half, half), x.narrow(0, 0, half)], 0);
        }

        return Transposes ? x.t().contiguous() : x;
    }
}
