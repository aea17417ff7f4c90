using static TorchSharp.torch;

namespace Acceleration;

/// <summary>Steps that are computed in float32 where the latents have half precision.</summary>
internal static class Wide
{
    public static Tensor Of(Tensor x) => x.dtype is ScalarType.Float16 or ScalarType.BFloat16 ? x.to_type(ScalarType.Float32) : x;

    /// <summary><paramref name="x"/> in the type of <paramref name="latents"/>.</summary>
    public static Tensor Back(Tensor x, Tensor latents) => x.dtype == latents.dtype ? x : x.to_type(latents.dtype);
}
