using static TorchSharp.torch;

namespace Acceleration;

/// <summary>
/// A Gaussian blur over the rows and columns of a grid: along each axis one matrix, which holds the kernel of 6σ, cut to the axis, and reflects what lies outside of it.
/// </summary>
internal static class GaussianBlur
{
    /// <param name="grid">[..., height, width, channels].</param>
    /// <param name="sigma">Width in cells.</param>
    public static Tensor Apply(Tensor grid, double sigma)
    {
        using var scope = NewDisposeScope();
        var (height, width, channels) = (grid.size(-3), grid.size(-2), grid.size(-1));
        var x = grid.dtype is ScalarType.Float16 or ScalarType.BFloat16 ? grid.to(ScalarType.Float32) : grid;
        var outer = grid.shape[..^3];
        var alongRows = Matrix(width, sigma, x).matmul(x);
        var alongBoth = Matrix(height, sigma, x).matmul(alongRows.reshape([.. outer, height, width * channels]));
        return alongBoth.reshape(grid.shape).to(grid.dtype).alias().MoveToOuterDisposeScope();
    }

    private static Tensor Matrix(long length, double sigma, Tensor like)
    {
        var values = new double[length, length];
        var kernel = Kernel(length, sigma);
        var half = kernel.Length / 2;
        for (var to = 0; to < length; to++)
        {
            for (var i = 0; i < kernel.Length; i++)
            {
                values[to, Reflected(to + i - half, length)] += kernel[i];
            }
        }

        return tensor(values).to(like.dtype).to(like.device);
    }

    /// <summary>Odd, at most as long as the axis, or one longer where that is even: then the reflection still reaches only once over the axis.</summary>
    private static double[] Kernel(long length, double sigma)
    {
        var wanted = Math.Ceiling(6 * sigma);
        wanted += 1 - (wanted % 2);
        var size = (int)Math.Min(wanted, length - ((length % 2) - 1));
        var weights = new double[size];
        for (var i = 0; i < size; i++)
        {
            var x = (i - ((size - 1) / 2.0)) / sigma;
            weights[i] = Math.Exp(-0.5 * x * x);
        }

        var sum = weights.Sum();
        return Array.ConvertAll(weights, w => w / sum);
    }

    /// <summary>Without repeating the edge.</summary>
    private static long Reflected(long at, long length) => at < 0 ? -at : at >= length ? (2 * (length - 1)) - at : at;
}
