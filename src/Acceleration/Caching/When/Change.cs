using static TorchSharp.torch;

namespace Acceleration;

/// <summary>How far one tensor is from another, row by row, in float32.</summary>
internal static class Change
{
    /// <summary>Mean of absolute values.</summary>
    public static Tensor MeanAbsolute(Tensor x) => x.to(ScalarType.Float32).abs().flatten(1).mean([1]);

    /// <summary>mean|a − b| / mean|b|; not a number where both are zero.</summary>
    public static Tensor Relative(Tensor a, Tensor b) => MeanAbsolute(a - b) / MeanAbsolute(b);
}
