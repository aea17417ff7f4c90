using static TorchSharp.torch;

namespace Acceleration.Models;

/// <summary>Gated residuals.</summary>
internal static class Gated
{
    /// <summary>
    /// x + gate·y, rounded as the sum of a gated site's output: a fused multiply-add rounds once and would make a hooked site differ. A value that a strategy
    /// has seen stays as it is; one that nobody else holds is overwritten.
    /// </summary>
    /// <param name="x">The residual stream, which stays as it is.</param>
    /// <param name="y">What is added.</param>
    /// <param name="gate">[rows, 1, width].</param>
    /// <param name="seen">Whether a strategy works at the site that made <paramref name="y"/>.</param>
    public static Tensor Add(Tensor x, Tensor y, Tensor gate, bool seen) => (seen ? y.mul(gate) : y.mul_(gate)).Increase(x);
}
