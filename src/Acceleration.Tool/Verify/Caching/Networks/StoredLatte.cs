using static TorchSharp.torch;

namespace Acceleration.Tool;

/// <summary>Latte: its attention over space and to the text has each frame for a row, that over time each token.</summary>
internal sealed class StoredLatte() : StoredFilm("LatteTransformer3DModel")
{
    public override long Fold(DenoiserInfo network, string site, Tensor latents)
    {
        var frames = latents.size(2);
        return site.EndsWith(".temporal", StringComparison.Ordinal) ? latents.size(3) / network.Patch * (latents.size(4) / network.Patch) : frames;
    }
}
