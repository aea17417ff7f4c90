using Acceleration.Tests.Operators;
using static TorchSharp.torch;

namespace Acceleration.Tests.Attention;

/// <summary>What each query sees, and that the executor computes just that.</summary>
public sealed class PatternTests : OperatorTest
{
    // Frames (1 for an image), height, width; sides of a group. Ragged, one group, one row of groups, and whole ones.
    public static TheoryData<int, int, int, int, int, int> Grids => new()
    {
        { 1, 12, 12, 1, 3, 3 }, { 1, 10, 7, 1, 4, 3 }, { 1, 5, 20, 1, 8, 4 }, { 1, 6, 6, 1, 6, 6 }, { 1, 1, 9, 1, 2, 2 }, { 1, 9, 1, 1, 2, 2 },
        { 4, 6, 6, 2, 2, 3 }, { 5, 4, 7, 2, 3, 2 }, { 3, 4, 4, 4, 4, 4 }, { 6, 3, 8, 2, 4, 2 }, { 2, 1, 6, 1, 1, 2 },
    };

    [Theory]
    [MemberData(nameof(Grids))]
    public void NeighboursAreSeenOnceAndNothingElse(int frames, int height, int width, int gf, int gh, int gw)
    {
        foreach (var reach in new[] { 0, 1, 2 })
        {
            Check(new(frames, height, width), new(gf, gh, gw), new NeighbourGroups(new(gf, gh, gw), reach), (grid, counts) => (q, k) =>
                Near(q.Leading, k.Leading, counts.Leading) && Near(q.Middle, k.Middle, counts.Middle) && Near(q.Trailing, k.Trailing, counts.Trailing));

            // The window moves inwards at borders.
            bool Near(long q, long k, long count)
            {
                var wide = Math.Min((2 * reach) + 1, count);
                var from = Math.Clamp(q - reach, 0, count - wide);
                return k >= from && k < from + wide;
            }
        }
    }

    [Theory]
    [MemberData(nameof(Grids))]
    public void AxesAreSeenOnceAndNothingElse(int frames, int height, int width, int gf, int gh, int gw) =>
        Check(new(frames, height, width), new(gf, gh, gw), new AxisGroups(new(gf, gh, gw)), (grid, _) => (q, k) =>
            q.Leading == k.Leading || q.Trailing == k.Trailing || (grid.Middle > 1 && q.Middle == k.Middle));

    [Fact]
    public void PublishedSparsities()
    {
        // FLUX at 8192²: 32 × 32 groups of 16 × 16. HunyuanVideo: 8 × 6 × 10 groups of 4 × 8 × 8.
        var (image, video) = (new TokenGrid(512, 1, 512), new TokenGrid(32, 48, 80));
        Assert.Equal(9.0 / 1024, new GroupedPlan(new NeighbourGroups(GroupSize.Image, 1), image).Density, 12);
        Assert.Equal(63.0 / 1024, new GroupedPlan(new AxisGroups(GroupSize.Image), image).Density, 12);
        Assert.Equal(27.0 / 480, new GroupedPlan(new NeighbourGroups(GroupSize.Video, 1), video).Density, 12);
        Assert.Equal(1 - (7.0 / 8 * 5 / 6 * 9 / 10), new GroupedPlan(new AxisGroups(GroupSize.Video), video).Density, 12);
    }

    [Fact]
    public void AxesDoNotPreferRowsToColumns()
    {
        var (h, w) = (9, 12);
        var q = Enumerable.Range(1, 3).Select(seed => Random(ScalarType.Float32, seed, 1, 2, h * w, 8)).ToArray();
        Tensor Turned(Tensor x, long high, long wide) => x.view(1, 2, high, wide, 8).transpose(2, 3).reshape(1, 2, high * wide, 8);

        var upright = GroupedAttention.Compute(new(q[0], q[1], q[2]), new(1, h, w), new(new AxisGroups(new(1, 3, 4)), new(h, 1, w)));
        var turned = GroupedAttention.Compute(new(Turned(q[0], h, w), Turned(q[1], h, w), Turned(q[2], h, w)), new(1, w, h), new(new AxisGroups(new(1, 4, 3)), new(w, 1, h)));

        Assert.True(Error(Turned(turned, w, h), upright.to(ScalarType.Float64)) < 1e-6);
    }

    private static void Check(
        TokenLayout layout, GroupSize size, IAttentionPattern pattern, Func<TokenGrid, SeenPairs.Place, Func<SeenPairs.Place, SeenPairs.Place, bool>> rule)
    {
        var grid = TokenGrid.Of(layout);
        var counts = new SeenPairs.Place(
            SeenPairs.Groups(grid.Leading, grid.Middle == 1 ? size.Height : size.Frames), SeenPairs.Groups(grid.Middle, size.Height), SeenPairs.Groups(grid.Trailing, size.Width));
        var mask = SeenPairs.Mask(grid, size, rule(grid, counts));
        var seen = SeenPairs.Count(pattern, grid);

        Assert.Equal(mask.data<bool>().Select(b => b ? 1 : 0), seen.Cast<int>());
        Assert.Equal(mask.sum().item<long>(), new GroupedPlan(pattern, grid).Pairs);

        var operands = Enumerable.Range(1, 3).Select(seed => Random(ScalarType.Float64, seed, 2, grid.Tokens, 3, 5).transpose(1, 2)).ToArray();
        var input = new AttentionInput(operands[0], operands[1], operands[2]);
        Assert.True(Error(GroupedAttention.Compute(input, layout, new(pattern, grid)), DenseAttention.Compute(input with { Bias = mask })) < 1e-13);
    }
}
