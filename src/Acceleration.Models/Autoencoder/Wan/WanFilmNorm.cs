using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Acceleration.Models;

/// <summary>Division by the root mean square of the channels of a pixel. Does not own its tensor.</summary>
/// <param name="weight">[channels, 1, 1, 1], times the root of their number.</param>
internal sealed class WanFilmNorm(Tensor weight)
{
    private const double SmallestNorm = 1e-12;

    /// <param name="weights">Where from.</param>
    /// <param name="name">Name of the layer.</param>
    /// <param name="channels">Channels of its input.</param>
    /// <param name="ofPictures">Whether it was stored for pictures, with one dimension fewer.</param>
    public static WanFilmNorm Read(IWeightSource weights, string name, long channels, bool ofPictures = false)
    {
        using var stored = weights.Take(name + ".gamma", ofPictures ? [channels, 1, 1] : [channels, 1, 1, 1]);
        using var column = stored.reshape(channels, 1, 1, 1);
        return new(column.Times(Math.Sqrt(channels)));
    }

    /// <param name="x">[rows, channels, frames, height, width].</param>
    public Tensor Apply(Tensor x)
    {
        using var norm = x.norm(1, keepdim: true);
        using var divisor = norm.AtLeast(SmallestNorm);
        return x.div(divisor).mul_(weight);
    }

    /// <summary>Normalises and applies SiLU.</summary>
    /// <inheritdoc cref="Apply"/>
    public Tensor ApplySilu(Tensor x)
    {
        using var normalised = Apply(x);
        return functional.silu(normalised);
    }
}
