using TorchSharp;
using static TorchSharp.torch;

namespace Acceleration;

/// <summary>How far one tensor is from another, row by row, in float32.</summary>
internal static class Change
{
    // From here on memory is what it costs, and tokens are at least as wide as the processor's registers.
    private const long LargeTokens = 1 << 16;
    private const long LeastWidth = 64;

    /// <summary>Mean of absolute values.</summary>
    public static Tensor MeanAbsolute(Tensor x)
    {
        using var wide = x.to(ScalarType.Float32);
        using var absolute = wide.abs();
        return absolute.flatten(1).mean([1]);
    }

    /// <summary>mean|a − b| / mean|b|; not a number where both are zero.</summary>
    public static Tensor Relative(Tensor a, Tensor b) => MeanDifference(a, b) / MeanAbsolute(b);

    /// <summary>Mean of absolute differences: without a copy of them beside the differences, since these are tensors as large as a network's state.</summary>
    public static Tensor MeanDifference(Tensor a, Tensor b)
    {
        if (IsLargeTokens(a) && IsLargeTokens(b))
        {
            // Distances of tokens, without the differences as a tensor.
            using var distances = cdist(a.view(-1, 1, a.size(2)), b.view(-1, 1, b.size(2)), 1);
            using var ofRows = distances.view(a.size(0), -1).mean([1]);
            return ofRows.Over(a.size(2));
        }

        using var difference = a - b;
        using var wide = difference.to(ScalarType.Float32);
        return wide.abs_().flatten(1).mean([1]);
    }

    /// <summary>A quantile of absolute values, the k-th smallest, over that of others; their means for null.</summary>
    public static Tensor Relative(Tensor a, Tensor b, double? quantile) => quantile is { } q ? Smallest(a - b, q) / Smallest(b, q) : Relative(a, b);

    /// <summary>One in so many tokens of [rows, tokens, channels], so that the memory between is not read, and elements of other forms, as [rows, elements]; the tensor itself for 1.</summary>
    public static Tensor Sampled(Tensor x, int stride) =>
        stride == 1 ? x : x.ndim == 3 ? x.slice(1, 0, x.size(1), stride) : x.flatten(1).slice(1, 0, x.numel() / x.size(0), stride);

    private static bool IsLargeTokens(Tensor x) =>
        x.ndim == 3 && x.numel() >= LargeTokens && x.size(2) >= LeastWidth && x.dtype == ScalarType.Float32 && x.device_type == DeviceType.CPU && x.is_contiguous();

    private static Tensor Smallest(Tensor x, double quantile)
    {
        var values = x.to(ScalarType.Float32).abs().flatten(1);
        return values.kthvalue(Math.Max(1, (long)Math.Ceiling(quantile * values.size(1))), 1).Item1;
    }
}
