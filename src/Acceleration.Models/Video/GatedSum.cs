using static TorchSharp.torch;

namespace Acceleration.Models;

/// <summary>A part of a block that is scaled into the residual stream.</summary>
internal static class GatedSum
{
    /// <summary>
    /// x + gate·y, rounded as the sum of a gated site's output: a fused multiply-add rounds once and would make a hooked site differ. A value that a strategy
    /// has seen stays as it is; one that nobody else holds is overwritten.
    /// </summary>
    public static Tensor Of(Tensor x, Tensor y, Tensor gate, bool seen) => (seen ? y.mul(gate) : y.mul_(gate)).Increase(x);
}
