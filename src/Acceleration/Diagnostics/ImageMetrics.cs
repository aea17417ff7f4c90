using static TorchSharp.torch;

namespace Acceleration;

/// <summary>
/// How far pictures are from reference pictures. Inputs are [pictures, channels, height, width] of equal shape, on any device and in any dtype, with values in an
/// interval whose length is the <c>range</c> (1 for [0, 1], 255 for bytes). Computed in float64, one picture at a time.
/// </summary>
public static partial class ImageMetrics
{
    private static double[] PerPicture(Tensor pictures, Tensor reference, double range, Func<Tensor, Tensor, double> measure)
    {
        if (!(range > 0 && double.IsFinite(range)))
        {
            throw new ArgumentOutOfRangeException(nameof(range), range, "The range of pixel values must be positive and finite: 1 for [0, 1], 255 for bytes.");
        }

        var shape = pictures.shape;
        if (shape.Length != 4 || shape.Any(s => s < 1) || !shape.AsSpan().SequenceEqual(reference.shape))
        {
            throw new ArgumentException(
                $"Pictures and their reference must both be [pictures, channels, height, width]; they are [{string.Join(", ", shape)}] and [{string.Join(", ", reference.shape)}].", nameof(pictures));
        }

        var values = new double[shape[0]];
        using var _ = no_grad();
        for (var i = 0; i < values.Length; i++)
        {
            using var scope = NewDisposeScope();
            values[i] = measure(HostReads.Copy(pictures[i].to(float64)), HostReads.Copy(reference[i].to(float64)));
        }

        return values;
    }
}
