using static TorchSharp.torch;

namespace Acceleration.Models;

/// <summary>
/// Brings pictures to another size to the bit as Pillow does, with which image encoders were trained: each pixel is a sum over those that it covers, weighted by a filter as wide as the reduction, along rows and then along columns,
/// and rounded to 256 steps after each.
/// </summary>
internal static class PictureResampling
{
    private const double Steps = 255;

    /// <summary>Weights are whole multiples of 1 over this; sums of them times whole pixels are exact in double precision.</summary>
    private const double Units = 1 << 22;

    /// <summary>A cubic between pixels, a = −1/2.</summary>
    public static Filter Bicubic { get; } = new(2, x => x < 1 ? (((1.5 * x) - 2.5) * x * x) + 1 : x < 2 ? (((((-0.5 * x) + 2.5) * x) - 4) * x) + 2 : 0);

    /// <summary>A line between pixels.</summary>
    public static Filter Bilinear { get; } = new(1, x => x < 1 ? 1 - x : 0);

    /// <summary>Resamples.</summary>
    /// <param name="pictures">[rows, channels, height, width] in [0, 1], on the CPU.</param>
    /// <param name="height">New height.</param>
    /// <param name="width">New width.</param>
    /// <param name="filter">The filter.</param>
    /// <returns>[rows, channels, height, width] in [0, 1], float32.</returns>
    public static Tensor Apply(Tensor pictures, int height, int width, Filter filter)
    {
        using var scope = NewDisposeScope();
        var x = Rounded(pictures.to(ScalarType.Float64).Times(Steps));
        if (width != x.size(3))
        {
            using var across = Weights((int)x.size(3), width, filter);
            x = Rounded(x.matmul(across.t()));
        }

        if (height != x.size(2))
        {
            using var down = Weights((int)x.size(2), height, filter);
            x = Rounded(down.matmul(x));
        }

        return x.Over(Steps).to(ScalarType.Float32).MoveToOuterDisposeScope();
    }

    private static Tensor Rounded(Tensor x) => x.Plus(0.5).floor().Within(0, Steps);

    /// <summary>[outputs, inputs]: what each pixel is made of.</summary>
    private static Tensor Weights(int inputs, int outputs, Filter filter)
    {
        var weights = new double[outputs * inputs];
        var scale = (double)inputs / outputs;
        var stretch = Math.Max(1, scale);
        for (var i = 0; i < outputs; i++)
        {
            var centre = (i + 0.5) * scale;
            var first = Math.Max(0, (int)(centre - (filter.Reach * stretch) + 0.5));
            var last = Math.Min(inputs, (int)(centre + (filter.Reach * stretch) + 0.5));
            double[] parts = [.. Enumerable.Range(first, last - first).Select(j => filter.At(Math.Abs((j + 0.5 - centre) / stretch)))];
            var sum = parts.Sum();
            for (var j = 0; j < parts.Length; j++)
            {
                weights[(i * inputs) + first + j] = Math.Round(parts[j] / sum * Units, MidpointRounding.AwayFromZero) / Units;
            }
        }

        return tensor(weights, [outputs, inputs]);
    }

    /// <summary>A filter by the distance of pixels.</summary>
    /// <param name="Reach">Distance from which it is 0.</param>
    /// <param name="At">Its weight at a distance of at least 0.</param>
    internal sealed record Filter(double Reach, Func<double, double> At);
}
