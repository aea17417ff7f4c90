using Acceleration.Reporting;
using static TorchSharp.torch;

namespace Acceleration.Tests.Reporting;

public sealed class PictureGridTests
{
    [Fact]
    public void PicturesFillRowsAndPixelsBecomeSquares()
    {
        var grid = PictureGrid.Of(new(3, 1, 1, 2, [1, 2, 3, 4, 5, 6]), columns: 2, scale: 2, gap: 0);

        Assert.Equal((8, 4), (grid.Width, grid.Height));
        Assert.Equal([1, 1, 2, 2, 3, 3, 4, 4], Row(grid, 0));
        Assert.Equal(Row(grid, 0), Row(grid, 1));
        Assert.Equal([5, 5, 6, 6, 0, 0, 0, 0], Row(grid, 3));
        Assert.Equal(255, grid.Rgba[3]);
        Assert.Equal(0, grid.Rgba[(4 * 3 * 8) + (4 * 4) + 3]);
    }

    [Fact]
    public void EqualPixelsAreBlackAndDifferencesGrowBrighter()
    {
        var grid = PictureGrid.Difference(new(1, 1, 1, 3, [50, 60, 255]), new(1, 1, 1, 3, [50, 50, 0]), gain: 4, columns: 1);

        int[] light = [.. Enumerable.Range(0, 3).Select(i => grid.Rgba[4 * i] + grid.Rgba[(4 * i) + 1] + grid.Rgba[(4 * i) + 2])];
        Assert.Equal(0, light[0]);
        Assert.InRange(light[1], 1, light[2] - 1);
        Assert.Equal([252, 255, 164], grid.Rgba[8..11]);
        Assert.Throws<ArgumentException>(() => PictureGrid.Difference(new(1, 1, 1, 1, [0]), new(1, 1, 1, 2, [0, 0]), 1, 1));
    }

    [Fact]
    public void DrawingsStackWithAGap()
    {
        var (a, b) = (PictureGrid.Of(new(1, 1, 1, 2, [7, 8]), 1), PictureGrid.Of(new(1, 1, 1, 1, [9]), 1));

        var stack = PictureGrid.Stack(1, a, b);

        Assert.Equal((2, 3), (stack.Width, stack.Height));
        Assert.Equal([7, 8], Row(stack, 0));
        Assert.Equal([0, 0], Row(stack, 1));
        Assert.Equal([9, 0], Row(stack, 2));
    }

    [Fact]
    public void TensorsAreClampedAndRounded()
    {
        using var scope = NewDisposeScope();

        var set = PictureSet.Of(tensor(new[] { -1f, 0f, 0.5f, 0.999f, 1f, 7f }).view(1, 1, 2, 3));

        Assert.Equal([0, 0, 128, 255, 255, 255], set.Pixels);
        Assert.Throws<ArgumentException>(() => PictureSet.Of(zeros(2, 3)));
    }

    private static byte[] Row(PictureGrid grid, int y) => [.. Enumerable.Range(0, grid.Width).Select(x => grid.Rgba[4 * ((y * grid.Width) + x)])];
}
