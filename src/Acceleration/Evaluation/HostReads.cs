using static TorchSharp.torch;

namespace Acceleration;

/// <summary>
/// The one place where the library reads values of a tensor back to the host, and where that is counted: a GPU first finishes all that was asked of it before, and
/// stands still afterwards until the host has asked for more.
/// </summary>
internal static class HostReads
{
    private static long _count;

    /// <summary>Reads in this process so far, on whatever device.</summary>
    public static long Count => Interlocked.Read(ref _count);

    /// <summary>All values as float32, row-major.</summary>
    public static float[] Floats(Tensor values) => Read<float>(values, ScalarType.Float32);

    /// <summary>All values as float64, row-major.</summary>
    public static double[] Doubles(Tensor values) => Read<double>(values, ScalarType.Float64);

    /// <summary>All values as int64, row-major.</summary>
    public static long[] Longs(Tensor values) => Read<long>(values, ScalarType.Int64);

    /// <summary>All values as truth values, row-major.</summary>
    public static bool[] Bools(Tensor values) => Read<bool>(values, ScalarType.Bool);

    /// <summary>The whole tensor in host memory, contiguous: a tensor that the caller owns, an alias where it is there already.</summary>
    public static Tensor Copy(Tensor tensor)
    {
        using var scope = NewDisposeScope();
        Interlocked.Increment(ref _count);
        return tensor.detach().cpu().contiguous().alias().MoveToOuterDisposeScope();
    }

    private static T[] Read<T>(Tensor values, ScalarType type)
        where T : unmanaged
    {
        using var scope = NewDisposeScope();
        return Copy(values.to(type)).data<T>().ToArray();
    }
}
