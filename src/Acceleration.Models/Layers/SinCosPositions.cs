using static TorchSharp.torch;

namespace Acceleration.Models;

/// <summary>
/// Two-dimensional sine-cosine positions (Dosovitskiy et al., arXiv:2010.11929, in the form of MAE and DiT): the first half of the width encodes x, the second
/// y, each half sines then cosines with frequencies 10000^(−i/(width/4)).
/// </summary>
public static class SinCosPositions
{
    /// <summary>Coordinates of n patches on an axis that had <paramref name="trained"/> patches in training.</summary>
    /// <param name="rule">How the patches share the trained coordinates.</param>
    /// <param name="count">n.</param>
    /// <param name="trained">Patches in training; coordinates then are 0, 1, 2, ... in both rules.</param>
    public static double[] Coordinates(PositionRule rule, long count, long trained)
    {
        var scale = (double)trained / count;
        var coordinates = new double[count];
        for (var k = 0; k < count; k++)
        {
            coordinates[k] = rule == PositionRule.Centres ? ((k + 0.5) * scale) - 0.5 : k * scale;
        }

        return coordinates;
    }

    /// <summary>The table of a grid.</summary>
    /// <param name="width">Width of a token, a multiple of 4.</param>
    /// <param name="y">Coordinates of the grid's rows.</param>
    /// <param name="x">Coordinates of its columns.</param>
    /// <returns>float64 [rows·columns, width] on the CPU, row by row.</returns>
    /// <exception cref="ArgumentException">The width is not a multiple of 4.</exception>
    public static Tensor Table(long width, double[] y, double[] x)
    {
        if (width < 4 || width % 4 != 0)
        {
            throw new ArgumentException($"Sine-cosine positions need a width that is a multiple of 4, not {width}.", nameof(width));
        }

        using var scope = NewDisposeScope();
        var columns = Axis(width, x).unsqueeze(0).expand(y.Length, x.Length, width / 2);
        var rows = Axis(width, y).unsqueeze(1).expand(y.Length, x.Length, width / 2);
        return cat([columns, rows], 2).view((long)y.Length * x.Length, width).MoveToOuterDisposeScope();
    }

    private static Tensor Axis(long width, double[] coordinates)
    {
        var exponents = KeptScalars.Range(width / 4, ScalarType.Float64).Times(-Math.Log(10000) / (width / 4));
        var phase = tensor(coordinates).unsqueeze(1) * exponents.exp();
        return cat([phase.sin(), phase.cos()], 1);
    }
}
