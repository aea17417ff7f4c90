using static TorchSharp.torch;

namespace Acceleration.Models;

/// <summary>Positions on the grid of a video's tokens.</summary>
internal static class VideoGrid
{
    /// <summary>0, 1, 2, ...</summary>
    public static double[] Whole(int count) => [.. Enumerable.Range(0, count).Select(k => (double)k)];

    /// <summary>Rotary positions of all tokens, frame by frame and row by row.</summary>
    /// <param name="axes">Positions of frames, rows and columns.</param>
    /// <param name="widths">How many numbers of a head each turns.</param>
    /// <param name="residual">Type of the network.</param>
    /// <param name="device">Where it computes.</param>
    /// <param name="text">Text tokens in front of them, which are not turned.</param>
    /// <returns>[text + tokens, head_dim/2].</returns>
    public static Tensor Turns(IReadOnlyList<double[]> axes, IReadOnlyList<int> widths, ScalarType residual, Device device, int text = 0)
    {
        using var scope = NewDisposeScope();
        var (frames, high, wide) = (axes[0].Length, axes[1].Length, axes[2].Length);
        var places = Enumerable.Range(0, frames * high * wide).ToArray();
        var still = new double[text];
        double[][] positions =
        [
            [.. still, .. places.Select(k => axes[0][k / (high * wide)])],
            [.. still, .. places.Select(k => axes[1][k / wide % high])],
            [.. still, .. places.Select(k => axes[2][k % wide])],
        ];

        // Published tables are float32, whatever the network computes in.
        return Rotary.Table(positions, widths).to(ScalarType.ComplexFloat32).to(Rotary.TableType(residual), device).MoveToOuterDisposeScope();
    }
}
