using static TorchSharp.torch;

namespace Acceleration;

/// <summary>Half precision is left for the length of a step: differences of predictions lose most of their digits in it.</summary>
internal static class Wide
{
    /// <summary>In float32 where it is in half precision; else the tensor itself.</summary>
    public static Tensor Of(Tensor x) => x.dtype is ScalarType.Float16 or ScalarType.BFloat16 ? x.to_type(ScalarType.Float32) : x;

    /// <summary>In <paramref name="dtype"/>, out of the dispose scope.</summary>
    public static Tensor Result(Tensor x, ScalarType dtype) => (x.dtype == dtype ? x : x.to_type(dtype)).MoveToOuterDisposeScope();
}
