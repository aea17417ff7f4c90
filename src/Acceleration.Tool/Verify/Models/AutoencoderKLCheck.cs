using Acceleration.Models;
using static TorchSharp.torch;

namespace Acceleration.Tool;

/// <summary>Moments and decoded pictures of an AutoencoderKL, in its own scale.</summary>
internal sealed class AutoencoderKLCheck() : ModelCheck<AutoencoderKL>("AutoencoderKL")
{
    protected override AutoencoderKL Load(GoldenFile file) => AutoencoderKL.Load(file.Path);

    protected override IEnumerable<(string Output, Tensor Made)> Run(AutoencoderKL model, StoredCase given)
    {
        if (given.Has("image"))
        {
            using var latents = model.Distribution(given.Read("image"));
            yield return ("mean", latents.Mean);
            yield return ("logvar", latents.LogVariance);
            yield return ("std", latents.Deviation());
        }

        if (given.Has("latent"))
        {
            yield return ("decoded", model.DecodeUnscaled(given.Read("latent")));
        }
    }
}
