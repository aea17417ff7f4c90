using static TorchSharp.torch;

namespace Acceleration.Models;

/// <summary>Two convolutions beside a shortcut.</summary>
internal sealed record WanFilmResidual(WanFilmActive First, WanFilmActive Second, FilmConv? Shortcut) : IFilmLayer
{
    public static WanFilmResidual Read(IWeightSource weights, string name, int inputs, int outputs, NetworkOptions options) => new(
        WanFilmActive.Read(weights, name + ".norm1", name + ".conv1", inputs, outputs, options),
        WanFilmActive.Read(weights, name + ".norm2", name + ".conv2", outputs, outputs, options),
        inputs == outputs ? null : FilmConv.Pixels(weights, name + ".conv_shortcut", inputs, outputs, options));

    /// <inheritdoc/>
    public Tensor Apply(Tensor x, FilmHistory history)
    {
        using var middle = First.Apply(x, history);
        using var beside = Shortcut?.Apply(x, history);
        return Second.Apply(middle, history).Increase(beside ?? x);
    }
}
