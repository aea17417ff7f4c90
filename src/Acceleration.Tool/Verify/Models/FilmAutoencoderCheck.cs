using Acceleration.Models;
using static TorchSharp.torch;

namespace Acceleration.Tool;

/// <summary>Moments and decoded films of an autoencoder of films, in its own scale.</summary>
internal sealed class FilmAutoencoderCheck<TModel>(Func<string, TModel> load, Func<TModel, Tensor, GaussianLatents> encode, Func<TModel, Tensor, Tensor> decode) : ModelCheck<TModel>(typeof(TModel).Name)
    where TModel : IAutoencoder
{
    protected override TModel Load(GoldenFile file) => load(file.Path);

    protected override IEnumerable<(string Output, Tensor Made)> Run(TModel model, StoredCase given)
    {
        if (Array.Find(["video", "image", "sample"], given.Has) is { } input)
        {
            using var latents = encode(model, given.Read(input));
            yield return ("mean", latents.Mean);
            yield return ("logvar", latents.LogVariance);
            yield return ("std", latents.Deviation());
        }

        if (given.Has("latent"))
        {
            yield return ("decoded", decode(model, given.Read("latent")));
        }
    }
}
