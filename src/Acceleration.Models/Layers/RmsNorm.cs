using static TorchSharp.torch;

namespace Acceleration.Models;

/// <summary>Division by the root mean square of the last dimension (Zhang and Sennrich, arXiv:1910.07467). Does not own its weight.</summary>
/// <param name="epsilon">Added to the mean square.</param>
/// <param name="weight">[width], or null.</param>
public sealed class RmsNorm(double epsilon, Tensor? weight = null)
{
    /// <summary>Added to the mean square.</summary>
    public double Epsilon => epsilon;

    /// <summary>Takes <c>name.weight</c>.</summary>
    public static RmsNorm Read(IWeightSource weights, string name, long width, double epsilon) => new(epsilon, weights.Take(name + ".weight", [width]));

    /// <summary>x/√(mean(x²) + ε)·weight; the mean in float32 at least.</summary>
    /// <param name="x">[..., width].</param>
    /// <returns>[..., width], in the type of the input.</returns>
    public Tensor Apply(Tensor x)
    {
        using var scope = NewDisposeScope();
        var exact = x.dtype is ScalarType.Float64 or ScalarType.Float32 ? x : x.to(ScalarType.Float32);
        var factor = exact.mul(exact).mean([-1], keepdim: true).Plus(epsilon).rsqrt();
        var scaled = exact.mul(factor);
        if (weight is not null)
        {
            scaled = scaled.mul_(weight);
        }

        return (scaled.dtype == x.dtype ? scaled : scaled.to(x.dtype)).MoveToOuterDisposeScope();
    }
}
