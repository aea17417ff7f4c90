using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Acceleration.Models;

/// <summary>Half the sides, and half the frames where there is a convolution over time. The first frame of a film stays by itself.</summary>
internal sealed record WanFilmShrink(FilmConv Space, FilmConv? Time) : IFilmLayer
{
    public static WanFilmShrink Read(IWeightSource weights, string name, int width, bool inTime, NetworkOptions options) => new(
        FilmConv.Frames(weights, name + ".resample.1", width, width, options, stride: 2),
        inTime ? FilmConv.Halving(weights, name + ".time_conv", width, options) : null);

    /// <inheritdoc/>
    public Tensor Apply(Tensor x, FilmHistory history)
    {
        using var scope = NewDisposeScope();
        var small = Space.Apply(functional.pad(x, (0, 1, 0, 1)), history);
        if (Time is not null && history.IsFirst)
        {
            Time.Remember(small, history);
        }

        return (Time is null || history.IsFirst ? small : Time.Apply(small, history)).MoveToOuterDisposeScope();
    }
}
