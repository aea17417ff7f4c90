using System.Runtime.CompilerServices;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Acceleration;

/// <summary>The matrix product of a linear layer, in the fastest form measured on this machine.</summary>
public static class MatrixProduct
{
    // Below these sizes a call costs microseconds, and the convolution's extra views alone would lose.
    private const long SmallestSide = 16;
    private const long SmallestProduct = 1 << 20;

    private const long LargestProbedSide = 2048;
    private const long ProbedProduct = 1 << 28;

    internal static readonly RouteTable Table = new("matrix product", Enum.GetNames<MatrixRoute>());

    /// <summary>The route of every call on the CPU; null, the default, measures each class of shapes once.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not a member of the enumeration.</exception>
    public static MatrixRoute? Route
    {
        get => (MatrixRoute?)Table.Pinned;
        set => Table.Pinned = (int?)value;
    }

    /// <summary>x·Wᵀ + b.</summary>
    /// <param name="x">[..., K]; contiguous or not.</param>
    /// <param name="weight">[N, K], of the type of <paramref name="x"/>.</param>
    /// <param name="bias">[N], or null.</param>
    /// <returns>[..., N], contiguous.</returns>
    /// <exception cref="ArgumentException">Shapes or types do not fit.</exception>
    public static Tensor Compute(Tensor x, Tensor weight, Tensor? bias = null)
    {
        var (dtype, k, n) = RequireFit(x, weight, bias);
        var elements = x.numel();
        CountedMultiplyAdds.Current?.Add((double)elements * n);
        var convolves = elements > 0 && n > 0 && Choose(x, dtype, elements / k, k, n) == MatrixRoute.Convolution;
        return convolves ? Convolve(x, weight, bias) : functional.linear(x, weight, bias!);
    }

    /// <summary>libtorch ends the process on shapes that do not fit, so they are looked at first.</summary>
    internal static (ScalarType Type, long K, long N) RequireFit(Tensor x, Tensor weight, Tensor? bias)
    {
        if (x.dim() < 1 || weight.dim() != 2 || (bias is not null && bias.dim() != 1))
        {
            throw Misfit(x, weight, bias);
        }

        long k = x.size(-1), n = weight.size(0);
        var dtype = x.dtype;
        return weight.size(1) == k && weight.dtype == dtype && (bias is null || (bias.size(0) == n && bias.dtype == dtype))
            ? (dtype, k, n)
            : throw Misfit(x, weight, bias);
    }

    /// <summary>The route a call takes now. [m, k] × [n, k]ᵀ.</summary>
    internal static MatrixRoute Choose(Tensor x, ScalarType dtype, long m, long k, long n)
    {
        if (x.device_type != TorchSharp.DeviceType.CPU)
        {
            return MatrixRoute.Linear;
        }

        var key = (ulong)dtype << 24 | RouteTable.Bucket(m, 12) << 16 | RouteTable.Bucket(k, 11) << 8 | RouteTable.Bucket(n, 11);
        if (Table.TryGet(key, out var route))
        {
            return (MatrixRoute)route;
        }

        var worthwhile = dtype is ScalarType.Float32 or ScalarType.BFloat16
            && m >= SmallestSide && k >= SmallestSide && n >= SmallestSide && m * k * n >= SmallestProduct;
        return worthwhile ? (MatrixRoute)Measure(key, dtype, m, k, n) : MatrixRoute.Linear;
    }

    /// <summary>The product as a 1×1 convolution: both operands and the result keep their memory, seen as channels-last images.</summary>
    internal static Tensor Convolve(Tensor x, Tensor weight, Tensor? bias)
    {
        long k = weight.size(1), n = weight.size(0), m = x.numel() / k;
        using var image = Image(x, m, k);
        using var kernel = weight.view(n, k, 1, 1);
        using var product = functional.conv2d(image, kernel, bias!);
        return Rows(product, x, m, n);
    }

    /// <summary>[..., k] as [1, k, 1, m], channels last. Calls are felt in small products: where the memory is known, one does what takes two.</summary>
    private static Tensor Image(Tensor x, long m, long k)
    {
        if (x.is_contiguous())
        {
            return x.as_strided([1, k, 1, m], [m * k, 1, m * k, k], x.storage_offset());
        }

        using var rows = x.reshape(1, 1, m, k);
        return rows.permute(0, 3, 1, 2);
    }

    /// <summary>[1, n, 1, m] as [..., n] with the leading dimensions of <paramref name="x"/>; libtorch need not have written it channels last.</summary>
    internal static Tensor Rows(Tensor product, Tensor x, long m, long n)
    {
        var channelsLast = (n == 1 || product.stride(1) == 1) && (m == 1 || product.stride(3) == n);
        if (channelsLast && x.dim() == 3)
        {
            var tokens = x.size(1);
            return product.as_strided([x.size(0), tokens, n], [tokens * n, n, 1], product.storage_offset());
        }

        if (channelsLast && x.dim() == 2)
        {
            return product.as_strided([m, n], [n, 1], product.storage_offset());
        }

        using var result = product.permute(0, 2, 3, 1);
        return result.reshape([.. x.shape[..^1], n]);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int Measure(ulong key, ScalarType dtype, long m, long k, long n) =>
        Table.Measure(key, $"{dtype} [{m}, {k}] x [{n}, {k}] and alike", () =>
        {
            long sliceK = Math.Min(k, LargestProbedSide), sliceN = Math.Min(n, LargestProbedSide);
            var sliceM = Math.Min(m, Math.Max(2 * SmallestSide, ProbedProduct / (sliceK * sliceN)));
            var x = KeptScalars.Full([sliceM, sliceK], 0.5, dtype, CPU);
            var weight = KeptScalars.Full([sliceN, sliceK], 0.5, dtype, CPU);
            var bias = KeptScalars.Full([sliceN], 0.5, dtype, CPU);
            return
            [
                ((int)MatrixRoute.Linear, () => functional.linear(x, weight, bias)),
                ((int)MatrixRoute.Convolution, () => Convolve(x, weight, bias)),
            ];
        });

    private static ArgumentException Misfit(Tensor x, Tensor weight, Tensor? bias) => new(
        $"Matrix product: x {Describe(x)}, weight {Describe(weight)} and bias {(bias is null ? "none" : Describe(bias))} do not fit; "
        + "they must be [..., K], [N, K] and [N], of one type.");

    private static string Describe(Tensor tensor) => $"[{string.Join(", ", tensor.shape)}] {tensor.dtype}";
}
