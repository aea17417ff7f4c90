using static TorchSharp.torch;

namespace Acceleration;

/// <summary>The sum that guidance is.</summary>
internal static class Extrapolation
{
    /// <summary>u + s·d, or c + (s − 1)·d: from left to right, so that whatever leaves d = c − u alone is plain guidance bit for bit.</summary>
    /// <param name="form">Where the sum starts.</param>
    /// <param name="scale">Scale s.</param>
    /// <param name="cond">c.</param>
    /// <param name="uncond">u.</param>
    /// <param name="difference">d.</param>
    public static Tensor Of(GuidanceBase form, double scale, Tensor cond, Tensor uncond, Tensor difference) =>
        form == GuidanceBase.Conditional ? cond.Plus(difference.Times(scale - 1)) : uncond.Plus(difference.Times(scale));
}
