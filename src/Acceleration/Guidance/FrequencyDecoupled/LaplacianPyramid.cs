using static TorchSharp.torch;

namespace Acceleration;

/// <summary>
/// The pyramid of Burt and Adelson over height and width: each level is what a level loses by being halved and doubled again, the last one is what remains. Height and width are padded by reflection at the bottom and the
/// right: to powers of two where neither is one (as the published code has it), and to what the levels can halve.
/// </summary>
internal static class LaplacianPyramid
{
    /// <summary>The levels, the finest first.</summary>
    /// <param name="x">[..., height, width].</param>
    /// <param name="levels">How many.</param>
    /// <exception cref="ArgumentException">The sides are too short for so many levels.</exception>
    public static IReadOnlyList<Tensor> Of(Tensor x, int levels)
    {
        var made = new List<Tensor>();
        var coarse = Padded(x, levels);
        for (var level = 1; level < levels; level++)
        {
            var (fine, height, width) = (coarse, (int)coarse.size(-2), (int)coarse.size(-1));
            coarse = Along(fine, PyramidAxis.Down(height), PyramidAxis.Down(width));
            made.Add(fine - Up(coarse));
        }

        return [.. made, coarse];
    }

    /// <summary>The image of these levels, as large as the finest.</summary>
    public static Tensor Join(IReadOnlyList<Tensor> levels)
    {
        var image = levels[^1];
        for (var level = levels.Count - 2; level >= 0; level--)
        {
            image = Up(image).Plus(levels[level]);
        }

        return image;
    }

    private static Tensor Up(Tensor x) => Along(x, PyramidAxis.Up((int)x.size(-2)), PyramidAxis.Up((int)x.size(-1)));

    private static Tensor Along(Tensor x, double[,] rows, double[,] columns)
    {
        var (r, c) = (tensor(rows, x.dtype, x.device), tensor(columns, x.dtype, x.device));
        return r.matmul(x).matmul(c.t());
    }

    private static Tensor Padded(Tensor x, int levels)
    {
        var (height, width, multiple) = ((int)x.size(-2), (int)x.size(-1), 1 << (levels - 1));
        var powers = !int.IsPow2(height) && !int.IsPow2(width);
        int[] sides = [.. new[] { height, width }.Select(s => powers ? (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)s) : s).Select(s => (s + multiple - 1) / multiple * multiple)];

        // What is blurred, every level but the last, is reflected by two.
        if (levels > 1 && sides.Min() / (multiple / 2) < 3)
        {
            throw new ArgumentException($"Latents of {height} × {width} are too small for a pyramid of {levels} levels: every level but the coarsest needs sides of at least 3.");
        }

        return Extended(Extended(x, -2, sides[0]), -1, sides[1]);
    }

    private static Tensor Extended(Tensor x, int dim, int to)
    {
        var from = (int)x.size(dim);
        if (from == to)
        {
            return x;
        }

        using var at = tensor([.. Enumerable.Range(0, to).Select(i => (long)PyramidAxis.Reflected(i, from))], device: x.device);
        return x.index_select(dim < 0 ? x.ndim + dim : dim, at);
    }
}
