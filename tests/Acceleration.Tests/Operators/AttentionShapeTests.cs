using static TorchSharp.torch;

namespace Acceleration.Tests.Operators;

public sealed class AttentionShapeTests : OperatorTest
{
    [Fact]
    public void MisfitsAreRefusedWithTheirShapes()
    {
        var q = zeros(2, 3, 5, 8);
        var kv = zeros(2, 3, 7, 8);
        Refused("same, positive number of tokens", () => DenseAttention.Compute(q, kv, zeros(2, 3, 6, 8)), "[2, 3, 6, 8]");
        Refused("same, positive number of tokens", () => DenseAttention.Compute(q, zeros(2, 3, 0, 8), zeros(2, 3, 0, 8)), "[2, 3, 0, 8]");
        Refused("rows", () => DenseAttention.Compute(q, zeros(1, 3, 7, 8), zeros(1, 3, 7, 8)), "[1, 3, 7, 8]");
        Refused("heads", () => DenseAttention.Compute(q, zeros(2, 1, 7, 8), zeros(2, 1, 7, 8)), "[2, 1, 7, 8]");
        Refused("head_dim", () => DenseAttention.Compute(q, zeros(2, 3, 7, 4), zeros(2, 3, 7, 4)), "[2, 3, 7, 4]");
        Refused("[rows, heads, tokens, head_dim]", () => DenseAttention.Compute(zeros(3, 5, 8), kv, kv), "[3, 5, 8]");
        Refused("one floating-point type", () => DenseAttention.Compute(q, kv, kv.to_type(ScalarType.BFloat16)), "BFloat16");
        Refused("one floating-point type", () => DenseAttention.Compute(q.to_type(ScalarType.Int64), kv.to_type(ScalarType.Int64), kv.to_type(ScalarType.Int64)), "Int64");
    }

    [Fact]
    public void BiasesThatDoNotBroadcastAreRefused()
    {
        var q = zeros(2, 3, 5, 8);
        var kv = zeros(2, 3, 7, 8);
        foreach (var shape in new long[][] { [6], [5, 5], [2, 5, 7], [2, 3, 7, 5], [1, 2, 3, 5, 7] })
        {
            Refused("does not broadcast to [2, 3, 5, 7]", () => DenseAttention.Compute(q, kv, kv, zeros(shape)), $"[{string.Join(", ", shape)}]");
        }

        Refused("bias must be", () => DenseAttention.Compute(q, kv, kv, zeros(5, 7, ScalarType.Int64)), "Int64");
        Refused("bias must be", () => DenseAttention.Compute(q, kv, kv, zeros(5, 7, ScalarType.BFloat16)), "BFloat16");
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void ScalesMustBeFinite(double scale) =>
        Refused("finite", () => DenseAttention.Compute(zeros(1, 1, 2, 2), zeros(1, 1, 2, 2), zeros(1, 1, 2, 2), scale: scale), $"{scale}");

    [Theory]
    [InlineData(8, 3, 256, 256)]
    [InlineData(1, 16, 4096, 4096)]
    [InlineData(2, 24, 16384, 16640)]
    [InlineData(40, 3, 256, 77)]
    [InlineData(1, 1, 1, 1)]
    public void PiecesStayWithinTheirBytes(long rows, long heads, long queries, long keys)
    {
        var shape = new AttentionShape(rows, heads, queries, keys, 64, ScalarType.Float32);
        foreach (var bytes in new long[] { 32 << 10, 1 << 20, 8 << 20, 1L << 40 })
        {
            var pieces = AttentionPieces.Plan(shape, 4, bytes);

            Assert.InRange(pieces.Rows, 1, rows);
            Assert.InRange(pieces.Heads, 1, heads);
            Assert.InRange(pieces.Queries, 1, queries);
            Assert.True(pieces.Rows == 1 || (pieces.Heads == heads && pieces.Queries == queries));
            Assert.True(pieces.Rows * pieces.Heads * pieces.Queries * keys * 4 <= bytes || pieces == new AttentionPieces(1, 1, 1));
        }

        Assert.Equal(new(rows, heads, queries), AttentionPieces.Plan(shape, 4, 1L << 40));
    }

    [Theory]
    [InlineData(40, 3, 256, 256, false)]
    [InlineData(1, 24, 32768, 32768, false)]
    [InlineData(2, 16, 4096, 4096, true)]
    [InlineData(1, 1, 3, 5, true)]
    public void ProbesTakeAPartOfBoundedCost(long rows, long heads, long queries, long keys, bool causal)
    {
        var shape = new AttentionShape(rows, heads, queries, keys, 64, ScalarType.Float32);
        var slice = AttentionProbe.Slice(shape, causal);

        Assert.InRange(slice.Rows, 1, rows);
        Assert.InRange(slice.Heads, 1, heads);
        Assert.InRange(slice.Queries, 1, queries);
        Assert.InRange(slice.Keys, 1, keys);
        Assert.InRange(slice.Products, 1, 1L << 30);
        Assert.True(shape.Products > 1 << 27 || slice == shape);
    }

    [Fact]
    public void AWorkspaceTooSmallIsRefused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => DenseAttention.WorkspaceBytes = 1000);

    private static void Refused(string reason, Action call, string shape)
    {
        var message = Assert.Throws<ArgumentException>(call).Message;
        Assert.Contains(reason, message, StringComparison.Ordinal);
        Assert.Contains(shape, message, StringComparison.Ordinal);
    }
}
