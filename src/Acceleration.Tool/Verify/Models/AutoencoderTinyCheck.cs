using Acceleration.Models;
using static TorchSharp.torch;

namespace Acceleration.Tool;

/// <summary>Latents and decoded pictures of an AutoencoderTiny, in its own scale.</summary>
internal sealed class AutoencoderTinyCheck() : ModelCheck<AutoencoderTiny>("AutoencoderTiny")
{
    protected override AutoencoderTiny Load(GoldenFile file) => AutoencoderTiny.Load(file.Path);

    protected override IEnumerable<(string Output, Tensor Made)> Run(AutoencoderTiny model, StoredCase given)
    {
        if (given.Has("image"))
        {
            yield return ("latent", model.EncodeUnscaled(given.Read("image")));
        }

        if (given.Has("latent"))
        {
            yield return ("decoded", model.DecodeUnscaled(given.Read("latent")));
        }
    }
}
