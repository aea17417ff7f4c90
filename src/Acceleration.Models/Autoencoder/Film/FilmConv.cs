using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Acceleration.Models;

/// <summary>A convolution of films that sees earlier frames and no later ones. Does not own its tensors.</summary>
/// <param name="weight">[outputs, inputs, frames, height, width].</param>
/// <param name="bias">[outputs].</param>
/// <param name="past">Frames that it sees of the parts before.</param>
/// <param name="start">What it sees before the first frame.</param>
/// <param name="stride">From one output to the next, in frames, rows and columns.</param>
/// <param name="padding">Zeros at each of the four sides of a frame.</param>
/// <param name="result">Type of what it returns.</param>
internal sealed class FilmConv(Tensor weight, Tensor bias, long past, FilmStart start, long[] stride, long padding, ScalarType result) : IFilmLayer
{
    private static readonly long[] Every = [1, 1, 1];
    private readonly ScalarType _type = weight.dtype;
    private readonly long[] _padding = [0, padding, padding];

    /// <summary>Takes a convolution over three frames that lets their number as it is.</summary>
    /// <param name="weights">Where from.</param>
    /// <param name="name">Name of the layer.</param>
    /// <param name="inputs">Channels of its input.</param>
    /// <param name="outputs">Channels of its output.</param>
    /// <param name="start">What it sees before the first frame.</param>
    /// <param name="options">Types.</param>
    /// <param name="side">Side of the kernel in a frame.</param>
    public static FilmConv Causal(IWeightSource weights, string name, long inputs, long outputs, FilmStart start, NetworkOptions options, int side = 3) =>
        Read(weights, name, [outputs, inputs, 3, side, side], 2, start, Every, side / 2, options);

    /// <summary>Takes a convolution that halves the number of frames; of the parts before it sees one frame.</summary>
    public static FilmConv Halving(IWeightSource weights, string name, long channels, NetworkOptions options) =>
        Read(weights, name, [channels, channels, 3, 1, 1], 1, FilmStart.Zeros, [2, 1, 1], 0, options);

    /// <summary>Takes a convolution of every pixel by itself.</summary>
    public static FilmConv Pixels(IWeightSource weights, string name, long inputs, long outputs, NetworkOptions options) =>
        Read(weights, name, [outputs, inputs, 1, 1, 1], 0, FilmStart.Zeros, Every, 0, options);

    /// <summary>Takes several convolutions of every pixel by itself as one, whose channels are theirs in order.</summary>
    public static FilmConv PixelStack(IWeightSource weights, IReadOnlyList<string> names, long inputs, long outputs, NetworkOptions options) => new(
        weights.TakeStacked([.. names.Select(n => (n + ".weight", outputs))], [inputs, 1, 1, 1], options.DType),
        weights.TakeStacked([.. names.Select(n => (n + ".bias", outputs))], [], options.DType),
        0,
        FilmStart.Zeros,
        Every,
        0,
        options.Residual);

    /// <summary>Takes a convolution of pictures, for every frame by itself.</summary>
    /// <param name="weights">Where from.</param>
    /// <param name="name">Name of the layer.</param>
    /// <param name="inputs">Channels of its input.</param>
    /// <param name="outputs">Channels of its output.</param>
    /// <param name="options">Types.</param>
    /// <param name="stride">Pixels from one output to the next; where it is more than 1 nothing is padded.</param>
    public static FilmConv Frames(IWeightSource weights, string name, long inputs, long outputs, NetworkOptions options, int stride = 1)
    {
        using var stored = weights.Take(name + ".weight", [outputs, inputs, 3, 3], options.DType);
        return new(stored.unsqueeze(2), weights.Take(name + ".bias", [outputs], options.DType), 0, FilmStart.Zeros, [1, stride, stride], stride == 1 ? 1 : 0, options.Residual);
    }

    /// <inheritdoc/>
    public Tensor Apply(Tensor x, FilmHistory history)
    {
        using var scope = NewDisposeScope();
        var now = x.InType(_type);
        if (past > 0)
        {
            now = cat([history.Before(this) ?? Start(now), now], 2);
            history.Keep(this, Last(now));
        }

        return functional.conv3d(now, weight, bias, stride, _padding).InType(result).MoveToOuterDisposeScope();
    }

    /// <summary>Remembers a part without a convolution.</summary>
    public void Remember(Tensor x, FilmHistory history)
    {
        using var scope = NewDisposeScope();
        history.Keep(this, Last(x.InType(_type)));
    }

    private static FilmConv Read(IWeightSource weights, string name, long[] shape, long past, FilmStart start, long[] stride, long padding, NetworkOptions options) => new(
        weights.Take(name + ".weight", shape, options.DType), weights.Take(name + ".bias", [shape[0]], options.DType), past, start, stride, padding, options.Residual);

    private Tensor Last(Tensor x) => x.narrow(2, x.size(2) - past, past);

    private Tensor Start(Tensor x)
    {
        using var first = x.narrow(2, 0, 1);
        long[] size = [x.size(0), x.size(1), past, x.size(3), x.size(4)];
        return start == FilmStart.FirstFrame ? first.expand(size) : zeros(size, x.dtype, x.device);
    }
}
