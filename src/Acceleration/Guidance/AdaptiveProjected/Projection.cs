using static TorchSharp.torch;

namespace Acceleration;

/// <summary>Lengths and directions of outputs.</summary>
internal static class Projection
{
    private const double Shortest = 1e-12;

    /// <summary>The dimensions of [samples, channels, (frames,) height, width] that some axes are.</summary>
    /// <param name="axes">The axes; null for all.</param>
    /// <param name="rank">Dimensions, samples included.</param>
    public static long[] Dimensions(ProjectionAxes? axes, int rank)
    {
        (ProjectionAxes Axis, int Dimension)[] all = [(ProjectionAxes.Channels, 1), (ProjectionAxes.Frames, rank - 3), (ProjectionAxes.Height, rank - 2), (ProjectionAxes.Width, rank - 1)];
        return [.. all.Where(a => (axes is not { } some || some.HasFlag(a.Axis)) && (a.Axis == ProjectionAxes.Channels || a.Dimension > 1)).Select(a => (long)a.Dimension)];
    }

    /// <summary>d, shortened to a length of at most <paramref name="longest"/>; d itself for 0.</summary>
    public static Tensor Clipped(Tensor difference, double longest, long[] dimensions)
    {
        if (longest == 0)
        {
            return difference;
        }

        var length = Squared(difference, dimensions).sqrt();
        return difference * (ones_like(length) / length.Over(longest).AtLeast(1)).As(difference);
    }

    /// <summary>d with its part along c weighted, and the rest as it is; d itself for a weight of 1.</summary>
    /// <param name="difference">d, [samples, ...].</param>
    /// <param name="cond">c.</param>
    /// <param name="weight">η.</param>
    /// <param name="dimensions">Dimensions of a vector; null for all but the first.</param>
    public static Tensor Weighted(Tensor difference, Tensor cond, double weight, long[]? dimensions)
    {
        if (weight == 1)
        {
            return difference;
        }

        var over = dimensions ?? [.. Enumerable.Range(1, (int)cond.ndim - 1).Select(d => (long)d)];
        var (d, c) = (difference.to(ScalarType.Float64), cond.to(ScalarType.Float64));
        var unit = c / Squared(c, over).sqrt().AtLeast(Shortest);
        var along = (d * unit).sum(over, keepdim: true) * unit;
        return (d - along).As(difference).Plus(along.As(difference).Times(weight));
    }

    private static Tensor Squared(Tensor x, long[] dimensions)
    {
        var wide = x.to(ScalarType.Float64);
        return (wide * wide).sum(dimensions, keepdim: true);
    }
}
