using Acceleration.Reporting;

namespace Acceleration.Tool;

/// <summary>
/// Samples as pictures. One channel is grey and three are colours, with values from −1 to 1. Other latents need an autoencoder to become pictures: of these the first
/// three channels are shown as they are, from the least value to the greatest.
/// </summary>
internal static class LatentPictures
{
    private const double Black = -1;
    private const double White = 1;

    /// <summary>Whether samples are pictures themselves.</summary>
    public static bool ArePictures(IReadOnlyList<long> shape) => shape[1] is 1 or 3;

    /// <summary>Refuses what is no picture, before minutes are spent on it.</summary>
    /// <param name="sample">Size of a sample.</param>
    /// <exception cref="ToolException">Samples of another rank.</exception>
    public static void Require(IReadOnlyList<long> sample)
    {
        if (sample.Count != 3)
        {
            throw new ToolException($"samples of shape [{string.Join(", ", sample)}] are no pictures; [channels, height, width] would be.");
        }
    }

    /// <param name="values">Values, row-major.</param>
    /// <param name="shape">[samples, channels, height, width].</param>
    /// <exception cref="ToolException">Samples of another rank.</exception>
    public static PictureSet Of(float[] values, IReadOnlyList<long> shape)
    {
        Require([.. shape.Skip(1)]);
        var (count, stored, plane) = ((int)shape[0], (int)shape[1], (int)(shape[2] * shape[3]));
        var channels = stored < 3 ? 1 : 3;
        var pixels = new byte[count * channels * plane];
        for (var i = 0; i < count; i++)
        {
            var sample = values.AsSpan(i * stored * plane, channels * plane);
            var (black, white) = ArePictures(shape) ? (Black, White) : Ends(sample);
            for (var p = 0; p < sample.Length; p++)
            {
                var share = (sample[p] - black) / (white - black);
                pixels[(i * channels * plane) + p] = double.IsFinite(share) ? (byte)Math.Round(255 * Math.Clamp(share, 0, 1)) : (byte)0;
            }
        }

        return new(count, channels, (int)shape[2], (int)shape[3], pixels);
    }

    /// <summary>One picture of several.</summary>
    public static PictureSet At(this PictureSet pictures, int index)
    {
        var size = pictures.Channels * pictures.Height * pictures.Width;
        return pictures with { Count = 1, Pixels = pictures.Pixels[(index * size)..((index + 1) * size)] };
    }

    private static (double Least, double Greatest) Ends(ReadOnlySpan<float> values)
    {
        var (least, greatest) = (double.PositiveInfinity, double.NegativeInfinity);
        foreach (var v in values)
        {
            (least, greatest) = float.IsFinite(v) ? (Math.Min(least, v), Math.Max(greatest, v)) : (least, greatest);
        }

        return greatest > least ? (least, greatest) : (Black, White);
    }
}
