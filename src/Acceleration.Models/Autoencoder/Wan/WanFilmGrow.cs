using static TorchSharp.torch;

namespace Acceleration.Models;

/// <summary>Twice the sides, and twice the frames where there is a convolution over time. The first frame of a film stays by itself, and the ones after it do not see it here.</summary>
internal sealed record WanFilmGrow(FilmConv Space, FilmConv? Time) : IFilmLayer
{
    public static WanFilmGrow Read(IWeightSource weights, string name, int inputs, int outputs, bool inTime, NetworkOptions options) => new(
        FilmConv.Frames(weights, name + ".resample.1", inputs, outputs, options),
        inTime ? FilmConv.Causal(weights, name + ".time_conv", inputs, 2 * inputs, FilmStart.Zeros, options, side: 1) : null);

    /// <inheritdoc/>
    public Tensor Apply(Tensor x, FilmHistory history)
    {
        using var scope = NewDisposeScope();
        var frames = Time is null || history.IsFirst ? x : Alternating(Time.Apply(x, history));
        return Space.Apply(FilmParts.Enlarged(frames, inTime: false), history).MoveToOuterDisposeScope();
    }

    /// <summary>The first half of the channels makes the frames 0, 2, ..., the second half those between them.</summary>
    private static Tensor Alternating(Tensor x) =>
        x.view(x.size(0), 2, x.size(1) / 2, x.size(2), x.size(3), x.size(4)).permute(0, 2, 3, 1, 4, 5).reshape(x.size(0), x.size(1) / 2, 2 * x.size(2), x.size(3), x.size(4));
}
