using static TorchSharp.torch;

namespace Acceleration;

/// <summary>The low spatial frequencies of latents: those within a circle of radius ⌊min(height, width) / 5⌋ around zero frequency, frame by frame.</summary>
internal static class LowPass
{
    /// <param name="x">[rows, channels, (frames,) height, width], float32 or float64.</param>
    public static Tensor Of(Tensor x)
    {
        using var scope = NewDisposeScope();
        var (height, width) = (x.size(-2), x.size(-1));
        var half = (width / 2) + 1;
        var radius = Math.Min(height, width) / 5;
        var within = new float[height, half];
        for (var i = 0L; i < height; i++)
        {
            var row = i < (height + 1) / 2 ? i : i - height;
            for (var column = 0L; column < half; column++)
            {
                within[i, column] = (row * row) + (column * column) <= radius * radius ? 1 : 0;
            }
        }

        // The circle holds with each frequency its negative, so that the real transform is the whole one.
        var spectrum = fft.rfft2(x) * tensor(within).to(x.dtype).to(x.device);
        return fft.irfft2(spectrum, [height, width]).MoveToOuterDisposeScope();
    }
}
