namespace Acceleration;

/// <summary>The weights by which one axis is resampled. Pixel k of n covers k/n to (k + 1)/n; a kernel is stretched where an axis is made shorter, so that nothing aliases.</summary>
internal static class ResampleKernel
{
    private const double CubicA = -0.5;

    /// <summary>Row-major [to, from]; each row sums to 1.</summary>
    public static double[] Weights(Resampling kernel, int from, int to)
    {
        var weights = new double[to * from];
        var scale = (double)from / to;
        var stretch = Math.Max(scale, 1);
        for (var i = 0; i < to; i++)
        {
            var centre = (i + 0.5) * scale;
            var row = weights.AsSpan(i * from, from);
            if (kernel == Resampling.Nearest)
            {
                row[(int)centre] = 1;
                continue;
            }

            for (var j = 0; j < from; j++)
            {
                row[j] = kernel == Resampling.Area
                    ? Math.Max(0, Math.Min(j + 1, centre + (scale / 2)) - Math.Max(j, centre - (scale / 2)))
                    : Value(kernel, (j + 0.5 - centre) / stretch);
            }

            Normalise(row);
        }

        return weights;
    }

    private static double Value(Resampling kernel, double x)
    {
        x = Math.Abs(x);
        return kernel switch
        {
            Resampling.Lanczos3 => x < 3 ? Sinc(x) * Sinc(x / 3) : 0,
            Resampling.Bicubic => x < 1 ? ((((CubicA + 2) * x) - (CubicA + 3)) * x * x) + 1
                : x < 2 ? CubicA * ((((x - 5) * x) + 8) * x - 4)
                : 0,
            Resampling.Bilinear => Math.Max(0, 1 - x),
            _ => throw new ArgumentOutOfRangeException(nameof(kernel), kernel, "Unknown resampling."),
        };
    }

    private static double Sinc(double x) => x == 0 ? 1 : Math.Sin(Math.PI * x) / (Math.PI * x);

    private static void Normalise(Span<double> row)
    {
        var sum = 0.0;
        foreach (var weight in row)
        {
            sum += weight;
        }

        foreach (ref var weight in row)
        {
            weight /= sum;
        }
    }
}
