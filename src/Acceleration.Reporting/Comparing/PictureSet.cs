using static TorchSharp.torch;

namespace Acceleration.Reporting;

/// <summary>Pictures as bytes.</summary>
/// <param name="Count">Pictures.</param>
/// <param name="Channels">Channels: 1 is grey, 3 is red, green, blue.</param>
/// <param name="Height">Height in pixels.</param>
/// <param name="Width">Width in pixels.</param>
/// <param name="Pixels">0..255, row-major [count, channels, height, width].</param>
public sealed record PictureSet(int Count, int Channels, int Height, int Width, byte[] Pixels)
{
    /// <summary>Rounds pictures with values in [0, 1], [pictures, channels, height, width], to bytes; values outside are clamped.</summary>
    /// <exception cref="ArgumentException">Another rank.</exception>
    public static PictureSet Of(Tensor pictures)
    {
        if (pictures.ndim != 4)
        {
            throw new ArgumentException($"Pictures are [pictures, channels, height, width]; got [{string.Join(", ", pictures.shape)}].", nameof(pictures));
        }

        using var _ = no_grad();
        using var scope = NewDisposeScope();
        var bytes = (pictures.to(float32).clamp(0, 1) * 255).round().to(uint8).cpu().contiguous();
        var shape = bytes.shape;
        return new((int)shape[0], (int)shape[1], (int)shape[2], (int)shape[3], bytes.data<byte>().ToArray());
    }
}
