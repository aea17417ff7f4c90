using static TorchSharp.torch;

namespace Acceleration.Models;

/// <summary>A convolution behind a norm and SiLU.</summary>
internal sealed record WanFilmActive(WanFilmNorm Norm, FilmConv Conv) : IFilmLayer
{
    public static WanFilmActive Read(IWeightSource weights, string norm, string conv, int inputs, int outputs, NetworkOptions options) =>
        new(WanFilmNorm.Read(weights, norm, inputs), FilmConv.Causal(weights, conv, inputs, outputs, FilmStart.Zeros, options));

    /// <inheritdoc/>
    public Tensor Apply(Tensor x, FilmHistory history)
    {
        using var active = Norm.ApplySilu(x);
        return Conv.Apply(active, history);
    }
}
