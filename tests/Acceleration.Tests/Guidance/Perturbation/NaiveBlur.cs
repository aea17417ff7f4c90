using static TorchSharp.torch;

namespace Acceleration.Tests.Guidance;

/// <summary>The Gaussian blur of the smoothed-energy method, term by term: a kernel of 6σ, cut to the side, on a grid that is reflected at its edges; beyond 9999 the mean.</summary>
internal static class NaiveBlur
{
    /// <param name="query">[rows, heads, height · width, channels].</param>
    public static Tensor Of(Tensor query, int height, int width, double sigma)
    {
        if (sigma > 9999)
        {
            return query.mean([2L], keepdim: true).expand_as(query);
        }

        var grid = query.view(query.size(0), query.size(1), height, width, query.size(3));
        var blurred = zeros_like(grid);
        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++)
            {
                foreach (var (dy, wy) in Kernel(height, sigma))
                {
                    foreach (var (dx, wx) in Kernel(width, sigma))
                    {
                        var seen = grid[TensorIndex.Ellipsis, Inside(y + dy, height), Inside(x + dx, width), TensorIndex.Colon];
                        blurred[TensorIndex.Ellipsis, y, x, TensorIndex.Colon] += seen * (wy * wx);
                    }
                }
            }
        }

        return blurred.view(query.shape);
    }

    private static IEnumerable<(int Offset, double Weight)> Kernel(int side, double sigma)
    {
        var size = (int)Math.Ceiling(6 * sigma);
        size += size % 2 == 0 ? 1 : 0;
        var half = Math.Min(size, side % 2 == 1 ? side : side + 1) / 2;
        var sum = Enumerable.Range(-half, (2 * half) + 1).Sum(o => Math.Exp(-o * o / (2 * sigma * sigma)));
        return Enumerable.Range(-half, (2 * half) + 1).Select(o => (o, Math.Exp(-o * o / (2 * sigma * sigma)) / sum));
    }

    private static int Inside(int at, int side) => at < 0 ? -at : at < side ? at : (2 * side) - 2 - at;
}
