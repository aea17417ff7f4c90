using static TorchSharp.torch;

namespace Acceleration.Models;

/// <summary>
/// Images with the channels of a pixel side by side in memory. Convolutions and group norms are faster on them and keep the order, and their pixels are tokens as they lie.
/// </summary>
internal static class ChannelsLast
{
    /// <summary>A copy in this order; the shape stays [rows, channels, height, width].</summary>
    public static Tensor Of(Tensor image)
    {
        using var scope = NewDisposeScope();
        return image.permute(0, 2, 3, 1).contiguous().permute(0, 3, 1, 2).MoveToOuterDisposeScope();
    }

    /// <summary>Pixels as tokens; a view where the image lies in this order.</summary>
    /// <param name="image">[rows, channels, height, width].</param>
    /// <returns>[rows, height·width, channels].</returns>
    public static Tensor Tokens(Tensor image)
    {
        using var pixels = image.permute(0, 2, 3, 1);
        return pixels.reshape(image.size(0), image.size(2) * image.size(3), image.size(1));
    }

    /// <summary>Tokens as an image; a view where they are contiguous.</summary>
    /// <param name="tokens">[rows, height·width, channels].</param>
    /// <param name="high">Height.</param>
    /// <param name="wide">Width.</param>
    /// <returns>[rows, channels, height, width].</returns>
    public static Tensor Image(Tensor tokens, long high, long wide)
    {
        using var pixels = tokens.reshape(tokens.size(0), high, wide, tokens.size(2));
        return pixels.permute(0, 3, 1, 2);
    }

    /// <summary>A convolution whose kernel lies in this order, or in that of the processor.</summary>
    /// <inheritdoc cref="Conv2d.Read"/>
    public static Conv2d Convolution(IWeightSource weights, string name, long inputs, long outputs, int kernel = 3, int stride = 1, int? padding = null, ScalarType? dtype = null)
    {
        // Read, not mapped: pages of a file that were copied from would stay in memory beside the copy.
        using var given = weights.TakeStacked([(name + ".weight", outputs)], [inputs, kernel, kernel], dtype);
        var bias = weights.Take(name + ".bias", [outputs], dtype);
        return Conv2d.Packed(given, bias, stride, padding) ?? new(Of(given), bias, stride, padding);
    }
}
