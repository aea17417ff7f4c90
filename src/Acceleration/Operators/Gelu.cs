using System.Runtime.CompilerServices;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Acceleration;

/// <summary>The GELU activation, in the fastest form measured on this machine.</summary>
public static class Gelu
{
    private const long SmallestMeasured = 1 << 13;
    private const int HighestBucket = 20;

    // Small enough for the passes of the sigmoid form to find their data in the cache.
    private const long PieceElements = 1 << 19;
    private const long WidePieceElements = 1 << 17;

    private static readonly Scalar Linear = 2 * Math.Sqrt(2 / Math.PI);
    private static readonly Scalar Cubic = 2 * Math.Sqrt(2 / Math.PI) * 0.044715;

    private const TorchSharp.Modules.GELU.Approximate Tanh = TorchSharp.Modules.GELU.Approximate.tanh;

    internal static readonly RouteTable Table = new("GELU", Enum.GetNames<GeluRoute>());

    /// <summary>The route of every call of the tanh form on the CPU; null, the default, measures each class of sizes once.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not a member of the enumeration.</exception>
    public static GeluRoute? Route
    {
        get => (GeluRoute?)Table.Pinned;
        set => Table.Pinned = (int?)value;
    }

    /// <summary>GELU of each element.</summary>
    /// <param name="x">Any shape, a floating-point type; stays as it is.</param>
    /// <param name="form">The form the network was trained with.</param>
    /// <returns>A new tensor of the shape of <paramref name="x"/>.</returns>
    /// <exception cref="ArgumentException"><paramref name="x"/> is not floating-point.</exception>
    public static Tensor Compute(Tensor x, GeluForm form = GeluForm.Tanh)
    {
        var dtype = x.dtype;
        if (dtype is not (ScalarType.Float32 or ScalarType.BFloat16 or ScalarType.Float16 or ScalarType.Float64))
        {
            throw new ArgumentException($"GELU needs a floating-point tensor, not {dtype}.", nameof(x));
        }

        if (form == GeluForm.Erf)
        {
            return functional.gelu(x);
        }

        return Choose(x, dtype) == GeluRoute.Sigmoid ? BySigmoid(x) : functional.gelu(x, Tanh);
    }

    internal static GeluRoute Choose(Tensor x, ScalarType dtype)
    {
        // The in-place passes overwrite what a backward pass would need.
        if (x.device_type != DeviceType.CPU || (is_grad_enabled() && x.requires_grad))
        {
            return GeluRoute.Native;
        }

        var elements = x.numel();
        var key = (ulong)dtype << 8 | RouteTable.Bucket(elements, HighestBucket);
        if (Table.TryGet(key, out var route))
        {
            return (GeluRoute)route;
        }

        return dtype is ScalarType.Float32 or ScalarType.BFloat16 && elements >= SmallestMeasured ? (GeluRoute)Measure(key, dtype, elements) : GeluRoute.Native;
    }

    private static Tensor BySigmoid(Tensor x)
    {
        var elements = x.numel();
        if (x.dtype is ScalarType.BFloat16 or ScalarType.Float16)
        {
            return ByWideSigmoid(x, elements);
        }

        if (elements <= PieceElements || !x.is_contiguous())
        {
            var y = x * x;
            y.mul_(Cubic).Increase(Linear).mul_(x).sigmoid_().mul_(x);
            return y;
        }

        using var scope = NewDisposeScope();
        var result = empty_like(x);
        Tensor from = x.view(-1), to = result.view(-1);
        for (long start = 0; start < elements; start += PieceElements)
        {
            using var piece = NewDisposeScope();
            var length = Math.Min(PieceElements, elements - start);
            Tensor a = from.narrow(0, start, length), b = to.narrow(0, start, length);
            b.copy_(a).mul_(a).mul_(Cubic).Increase(Linear).mul_(a).sigmoid_().mul_(a);
        }

        return result.MoveToOuterDisposeScope();
    }

    /// <summary>Half precision would round between the passes: they run in float32, in pieces that stay in the cache.</summary>
    private static Tensor ByWideSigmoid(Tensor x, long elements)
    {
        using var scope = NewDisposeScope();
        var result = empty(x.shape, x.dtype, x.device);
        Tensor from = x.reshape(-1), to = result.view(-1);
        for (long start = 0; start < elements; start += WidePieceElements)
        {
            using var piece = NewDisposeScope();
            var length = Math.Min(WidePieceElements, elements - start);
            var a = from.narrow(0, start, length).to(ScalarType.Float32);
            to.narrow(0, start, length).copy_((a * a).mul_(Cubic).Increase(Linear).mul_(a).sigmoid_().mul_(a));
        }

        return result.MoveToOuterDisposeScope();
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int Measure(ulong key, ScalarType dtype, long elements) =>
        Table.Measure(key, $"{dtype}, {elements} elements and alike", () =>
        {
            var x = KeptScalars.Full([Math.Min(elements, 1L << HighestBucket)], 0.5, dtype, CPU);
            return
            [
                ((int)GeluRoute.Native, () => functional.gelu(x, Tanh)),
                ((int)GeluRoute.Sigmoid, () => BySigmoid(x)),
            ];
        });
}
