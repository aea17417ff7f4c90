using System.Runtime.CompilerServices;
using TorchSharp;
using static TorchSharp.torch;

namespace Acceleration;

/// <summary>A linear layer and the GELU after it, in the fastest form measured on this machine.</summary>
public static class LinearGelu
{
    private const long SmallestProduct = 1 << 20;
    private const long LargestProbedProduct = 1 << 28;

    internal static readonly RouteTable Table = new("linear and GELU", Enum.GetNames<LinearGeluRoute>());

    /// <summary>The route of every call on the CPU; null, the default, measures each class of shapes once.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not a member of the enumeration.</exception>
    public static LinearGeluRoute? Route
    {
        get => (LinearGeluRoute?)Table.Pinned;
        set => Table.Pinned = (int?)value;
    }

    /// <summary>gelu(x·Wᵀ + b).</summary>
    /// <param name="x">[..., K]; contiguous or not.</param>
    /// <param name="weight">[N, K], of the type of <paramref name="x"/>.</param>
    /// <param name="bias">[N], or null.</param>
    /// <param name="form">The form the network was trained with.</param>
    /// <returns>[..., N], contiguous.</returns>
    /// <exception cref="ArgumentException">Shapes or types do not fit.</exception>
    public static Tensor Compute(Tensor x, Tensor weight, Tensor? bias = null, GeluForm form = GeluForm.Tanh)
    {
        MatrixProduct.RequireFit(x, weight, bias);
        if (Choose(x, weight, bias, form) == LinearGeluRoute.Fused)
        {
            CountedMultiplyAdds.Current?.Add((double)x.numel() * weight.size(0));
            return OneDnn.LinearGelu(x, weight, bias, form);
        }

        using var hidden = MatrixProduct.Compute(x, weight, bias);
        return Gelu.Compute(hidden, form);
    }

    internal static LinearGeluRoute Choose(Tensor x, Tensor weight, Tensor? bias, GeluForm form)
    {
        var dtype = x.dtype;
        long k = weight.size(1), n = weight.size(0), elements = x.numel();
        if (x.device_type != DeviceType.CPU || dtype is not (ScalarType.Float32 or ScalarType.BFloat16) || elements == 0 || n == 0
            || (is_grad_enabled() && (x.requires_grad || weight.requires_grad || bias is { requires_grad: true })))
        {
            return LinearGeluRoute.Separate;
        }

        var m = elements / k;
        var key = (ulong)form << 32 | (ulong)dtype << 24 | RouteTable.Bucket(m, 12) << 16 | RouteTable.Bucket(k, 11) << 8 | RouteTable.Bucket(n, 11);
        if (Table.TryGet(key, out var route))
        {
            return OneDnn.HasLinearGelu(dtype) ? (LinearGeluRoute)route : LinearGeluRoute.Separate;
        }

        return m * k * n >= SmallestProduct && OneDnn.HasLinearGelu(dtype) ? (LinearGeluRoute)Measure(key, dtype, m, k, n, form) : LinearGeluRoute.Separate;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int Measure(ulong key, ScalarType dtype, long m, long k, long n, GeluForm form) =>
        Table.Measure(key, $"{dtype} [{m}, {k}] x [{n}, {k}] and alike, {form}", () =>
        {
            var x = KeptScalars.Full([Math.Min(m, Math.Max(1, LargestProbedProduct / (k * n))), k], 0.5, dtype, CPU);
            var weight = KeptScalars.Full([n, k], 1.0 / k, dtype, CPU);
            var bias = KeptScalars.Full([n], 0.5, dtype, CPU);
            return
            [
                ((int)LinearGeluRoute.Separate, () =>
                {
                    using var hidden = MatrixProduct.Compute(x, weight, bias);
                    return Gelu.Compute(hidden, form);
                }),
                ((int)LinearGeluRoute.Fused, () => OneDnn.LinearGelu(x, weight, bias, form)),
            ];
        });
}
