using static TorchSharp.torch;

namespace Acceleration;

/// <summary>Sums over a sample, in float64: whatever the type of the outputs, nothing overflows, and no batch mate has a part in it.</summary>
internal static class PerSample
{
    /// <summary>⟨a, b⟩ of each sample, [samples, 1, ...], float64.</summary>
    public static Tensor Dot(Tensor a, Tensor b)
    {
        var sums = (a.flatten(1).to(ScalarType.Float64) * b.flatten(1).to(ScalarType.Float64)).sum(1);
        return sums.view([a.size(0), .. Enumerable.Repeat(1L, (int)a.ndim - 1)]);
    }

    /// <summary>‖a‖ of each sample.</summary>
    public static Tensor Norm(Tensor a) => Dot(a, a).sqrt();

    /// <summary>At least float32: sums of half precision lose what they should keep.</summary>
    public static Tensor Wide(Tensor a) => a.dtype is ScalarType.Float16 or ScalarType.BFloat16 ? a.to_type(ScalarType.Float32) : a;

    /// <summary><paramref name="a"/> in the type of <paramref name="like"/>.</summary>
    public static Tensor As(this Tensor a, Tensor like) => a.dtype == like.dtype ? a : a.to_type(like.dtype);
}
