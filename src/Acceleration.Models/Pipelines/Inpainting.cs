using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Acceleration.Models;

/// <summary>What networks are told of a picture of which a part is made anew: its latents with that part grey, and the mask.</summary>
internal static class Inpainting
{
    /// <summary>The pictures that it takes.</summary>
    public static IReadOnlyList<PictureSpec> Pictures { get; } = [new(PictureRole.Picture), new(PictureRole.Mask)];

    /// <summary>Where the picture is made anew: 1, else 0.</summary>
    public static Tensor Mask(IReadOnlyDictionary<PictureRole, Tensor> pictures) => pictures[PictureRole.Mask].Times(2).floor().Within(0, 1);

    /// <summary>The picture in [−1, 1], with 0 where it is made anew.</summary>
    public static Tensor Kept(IReadOnlyDictionary<PictureRole, Tensor> pictures, Tensor mask) => pictures[PictureRole.Picture].Times(2).Plus(-1).mul(mask.neg().Plus(1));

    /// <summary>What UNets of nine channels read beside their latents: the mask as it is at the first pixel of each latent one, then the latents.</summary>
    public static Tensor MaskAndLatents(PictureEncoders encoders, IReadOnlyDictionary<PictureRole, Tensor> pictures)
    {
        var mask = Mask(pictures);
        var latents = encoders.Latents(Kept(pictures, mask));
        return cat([functional.interpolate(mask, size: [latents.size(2), latents.size(3)]).to(latents.dtype).to(latents.device), latents], 1);
    }

    /// <summary>What FLUX reads beside its latents: the latents, then the mask's pixels of each latent one as channels.</summary>
    public static Tensor LatentsAndFoldedMask(PictureEncoders encoders, IReadOnlyDictionary<PictureRole, Tensor> pictures)
    {
        var mask = Mask(pictures);
        var latents = encoders.Latents(Kept(pictures, mask));
        long rows = mask.size(0), high = latents.size(2), wide = latents.size(3), down = mask.size(2) / high, across = mask.size(3) / wide;
        var folded = mask.reshape(rows, high, down, wide, across).permute(0, 2, 4, 1, 3).reshape(rows, down * across, high, wide);
        return cat([latents, folded.to(latents.dtype).to(latents.device)], 1);
    }
}
