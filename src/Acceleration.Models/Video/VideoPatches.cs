using static TorchSharp.torch;

namespace Acceleration.Models;

/// <summary>Patches of a video as tokens, and back: a convolution whose stride is its size, computed as a matrix product. Does not own its tensors.</summary>
/// <param name="projection">[width, channels·frames·side·side].</param>
/// <param name="frames">Frames of a patch.</param>
/// <param name="side">Height and width of a patch.</param>
internal sealed class VideoPatches(Linear projection, int frames, int side)
{
    /// <summary>Multiply-adds of one token.</summary>
    public double MultiplyAdds => projection.MultiplyAdds;

    /// <summary>Where its tensors are.</summary>
    public Device Device => projection.Weight.device;

    /// <summary>Takes <c>name.weight</c> and <c>name.bias</c>.</summary>
    /// <param name="weights">Where from.</param>
    /// <param name="name">Name of the layer.</param>
    /// <param name="width">Width of a token.</param>
    /// <param name="kernel">Dimensions of the kernel after the first, as they are stored: channels, then frames and sides.</param>
    /// <param name="frames">Frames of a patch.</param>
    /// <param name="side">Height and width of a patch.</param>
    /// <param name="hasBias">Whether there is a bias.</param>
    public static VideoPatches Read(IWeightSource weights, string name, long width, long[] kernel, int frames, int side, bool hasBias = true)
    {
        using var scope = NewDisposeScope();
        var stored = weights.Take(name + ".weight", [width, .. kernel]);
        var bias = hasBias ? weights.Take(name + ".bias", [width]) : null;
        return new(new(stored.reshape(width, kernel.Aggregate(1L, (product, size) => product * size)).MoveToOuterDisposeScope(), bias?.MoveToOuterDisposeScope()), frames, side);
    }

    /// <summary>Cuts and embeds.</summary>
    /// <param name="video">[rows, channels, frames, height, width]; sides multiples of the patch's.</param>
    /// <returns>[rows, tokens, width], tokens frame by frame and row by row.</returns>
    public Tensor Apply(Tensor video)
    {
        using var scope = NewDisposeScope();
        long rows = video.size(0), channels = video.size(1), deep = video.size(2) / frames, high = video.size(3) / side, wide = video.size(4) / side;
        var patches = video.reshape(rows, channels, deep, frames, high, side, wide, side)
            .permute(0, 2, 4, 6, 1, 3, 5, 7)
            .reshape(rows, deep * high * wide, channels * frames * side * side);
        return projection.Apply(patches).MoveToOuterDisposeScope();
    }

    /// <summary>Puts patches together again.</summary>
    /// <param name="tokens">[rows, tokens, frames·side·side·channels of a patch].</param>
    /// <param name="layout">How the tokens lie.</param>
    /// <param name="channelsLast">Whether the channels are the innermost of a token's numbers, else the outermost.</param>
    /// <returns>[rows, channels, frames, height, width].</returns>
    public Tensor Assemble(Tensor tokens, TokenLayout layout, bool channelsLast)
    {
        using var scope = NewDisposeScope();
        long rows = tokens.size(0), deep = layout.Frames, high = layout.Height, wide = layout.Width, channels = tokens.size(2) / (frames * side * side);
        var apart = channelsLast
            ? tokens.reshape(rows, deep, high, wide, frames, side, side, channels).permute(0, 7, 1, 4, 2, 5, 3, 6)
            : tokens.reshape(rows, deep, high, wide, channels, frames, side, side).permute(0, 4, 1, 5, 2, 6, 3, 7);
        return apart.reshape(rows, channels, deep * frames, high * side, wide * side).MoveToOuterDisposeScope();
    }
}
