using static TorchSharp.torch;

namespace Acceleration;

/// <summary>The low spatial frequencies of latents, and of tokens that lie on a grid.</summary>
internal static class GridBand
{
    /// <param name="x">[rows, channels, (frames,) height, width], or [rows, tokens, width], float32 or float64.</param>
    /// <param name="layout">How tokens lie, as far as it is known.</param>
    /// <returns>In the shape of <paramref name="x"/>; null where there is no grid of both rows and columns.</returns>
    public static Tensor? Low(Tensor x, TokenLayout? layout)
    {
        if (x.ndim > 3)
        {
            return LowPass.Of(x);
        }

        // Frames lie one after another, or are rows of their own.
        if (layout is not { TextLength: 0, SpecialPerFrame: 0 } || x.ndim < 3 || layout.Height < 2 || layout.Width < 2 || (x.size(1) != layout.Tokens && x.size(1) != layout.Height * layout.Width))
        {
            return null;
        }

        using var scope = NewDisposeScope();
        var (tokens, width) = (x.size(1), x.size(2));
        var channelsFirst = x.reshape(x.size(0), tokens / (layout.Height * layout.Width), layout.Height, layout.Width, width).permute(0, 1, 4, 2, 3);
        return LowPass.Of(channelsFirst).permute(0, 1, 3, 4, 2).reshape(x.shape).MoveToOuterDisposeScope();
    }
}
