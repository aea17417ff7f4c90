using static TorchSharp.torch;

namespace Acceleration.Tests.Operators;

public sealed class DenseAttentionTests : OperatorTest
{
    // rows, heads, queries, keys, head_dim
    public static TheoryData<long, long, long, long, long> Shapes => new()
    {
        { 1, 1, 1, 1, 1 }, { 1, 1, 5, 1, 3 }, { 2, 3, 1, 7, 8 }, { 3, 2, 17, 33, 24 }, { 2, 3, 64, 64, 64 }, { 5, 4, 100, 77, 72 }, { 1, 2, 300, 300, 32 }, { 3, 1, 257, 511, 16 },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void EveryRouteEqualsDoublePrecision(long rows, long heads, long queries, long keys, long dim)
    {
        foreach (var (dtype, tolerance) in new[] { (ScalarType.Float32, 3e-6), (ScalarType.BFloat16, 2.5e-2), (ScalarType.Float64, 1e-13) })
        {
            // As a network makes them: heads are cut out of [rows, tokens, 3 · heads · head_dim].
            Tensor Heads(int seed, long tokens) => Random(dtype, seed, rows, tokens, 3, heads, dim).select(2, seed % 3).transpose(1, 2);
            var (q, k, v) = (Heads(1, queries), Heads(2, keys), Heads(3, keys));
            foreach (var input in Variants(new(q, k, v), rows, heads, queries, keys))
            {
                var expected = Reference(input);
                foreach (var (route, workspace) in Routes())
                {
                    DenseAttention.WorkspaceBytes = workspace;
                    DenseAttention.Route = route;
                    var y = DenseAttention.Compute(input);
                    var error = Error(y, expected);

                    Assert.True(error < tolerance, $"{route} {dtype} bias {input.Bias?.dtype} causal {input.Causal} scale {input.Scale} workspace {workspace}: {error}");
                    Assert.True(SameBits(y, DenseAttention.Compute(input)));
                    Assert.Equal(queries * heads * dim, y.transpose(1, 2).view(rows, queries * heads * dim).size(1));
                }
            }
        }
    }

    [Fact]
    public void AQueryThatMaySeeNoKeyGivesZeros()
    {
        var (q, k, v) = (Random(ScalarType.Float32, 1, 2, 3, 20, 16), Random(ScalarType.Float32, 2, 2, 3, 30, 16), Random(ScalarType.Float32, 3, 2, 3, 30, 16));
        var keep = ones(2, 1, 20, 30, ScalarType.Bool).ToTestDevice();
        keep[1, 0, 4] = false;
        var added = zeros(20, 30).ToTestDevice().masked_fill(keep[1, 0].logical_not(), double.NegativeInfinity);
        foreach (var route in Enum.GetValues<AttentionRoute>())
        {
            DenseAttention.Route = route;
            var masked = DenseAttention.Compute(q, k, v, keep);
            var biased = DenseAttention.Compute(q, k, v, added);

            Assert.Equal(0, masked[1].select(1, 4).abs().max().item<float>());
            Assert.Equal(0, biased.select(2, 4).abs().max().item<float>());
            Assert.True(masked.isfinite().all().item<bool>());
            Assert.True(masked[0].select(1, 4).abs().min().item<float>() > 0);
        }
    }

    [Fact]
    public void AnInvalidInputIsNotHiddenByABias()
    {
        var (q, k, v) = (ones(1, 1, 8, 4), ones(1, 1, 8, 4), ones(1, 1, 8, 4));
        q[0, 0, 3, 0] = float.NaN;
        DenseAttention.Route = AttentionRoute.Composed;

        var y = DenseAttention.Compute(q, k, v, ones(8, 8, ScalarType.Bool));

        Assert.True(y[0, 0, 3].isnan().all().item<bool>());
        Assert.Equal(4, y.isnan().sum().item<long>());
    }

    [Fact]
    public void InputsStayAsTheyAre()
    {
        var operands = Enumerable.Range(1, 3).Select(seed => Random(ScalarType.Float32, seed, 1, 2, 24, 16)).ToArray();
        var bias = Random(ScalarType.Float32, 4, 24, 24);
        var before = operands.Append(bias).Select(t => t.clone()).ToArray();
        foreach (var route in Enum.GetValues<AttentionRoute>())
        {
            DenseAttention.Route = route;
            DenseAttention.Compute(operands[0], operands[1], operands[2], bias, causal: true, scale: 0.3);

            Assert.All(operands.Append(bias).Zip(before), pair => Assert.True(SameBits(pair.First, pair.Second)));
        }
    }

    [Fact]
    public void NoRowsGiveNoRows() =>
        Assert.Equal([0, 2, 5, 4], DenseAttention.Compute(zeros(0, 2, 5, 4), zeros(0, 2, 6, 4), zeros(0, 2, 6, 4)).shape);

    [Fact]
    public void GradientsTakeTheFusedForm()
    {
        using var gradients = enable_grad();
        DenseAttention.Route = AttentionRoute.Composed;
        var q = Random(ScalarType.Float32, 1, 1, 1, 4, 8).requires_grad_(true);
        var v = ones(1, 1, 4, 8).ToTestDevice();
        var input = new AttentionInput(q, v, v);

        Assert.Equal(AttentionRoute.Fused, DenseAttention.Choose(input, AttentionShape.Of(input)));
        Assert.Equal(q.shape, autograd.grad([DenseAttention.Compute(input).sum()], [q])[0].shape);
    }

    private static (AttentionRoute Route, long Workspace)[] Routes() =>
    [
        (AttentionRoute.Fused, 16 << 20), (AttentionRoute.Composed, 16 << 20), (AttentionRoute.Composed, 64 << 10), (AttentionRoute.Convolution, 64 << 10),
    ];

    private static IEnumerable<AttentionInput> Variants(AttentionInput plain, long rows, long heads, long queries, long keys)
    {
        var dtype = plain.Query.dtype;
        yield return plain;
        yield return plain with { Scale = 0.07 };
        yield return plain with { Causal = true };
        yield return plain with { Bias = Random(ScalarType.Float32, 7, rows, 1, 1, keys) };
        yield return plain with { Bias = Random(dtype, 8, heads, queries, keys), Causal = true };
        yield return plain with { Bias = Random(ScalarType.Float32, 9, queries, 1), Scale = 0.2 };
        yield return plain with { Bias = Random(ScalarType.Float32, 10, rows, heads, queries, keys).gt(-1) };
        yield return plain with { Bias = Random(ScalarType.Float32, 11, rows, 1, 1, keys).gt(-1), Causal = true };
    }

    private static Tensor Reference(in AttentionInput input)
    {
        var (q, k, v) = (input.Query.to_type(ScalarType.Float64), input.Key.to_type(ScalarType.Float64), input.Value.to_type(ScalarType.Float64));
        var scores = q.matmul(k.transpose(2, 3)) * (input.Scale ?? 1 / Math.Sqrt(q.size(3)));
        if (input.Causal)
        {
            scores = scores.masked_fill(ones(q.size(2), k.size(2), ScalarType.Bool, q.device).triu(1), double.NegativeInfinity);
        }

        if (input.Bias is { } bias)
        {
            scores = bias.dtype == ScalarType.Bool
                ? scores.masked_fill(bias.logical_not(), double.NegativeInfinity)
                : scores + bias.to_type(ScalarType.Float64);
        }

        return scores.softmax(-1).nan_to_num(0).matmul(v);
    }
}
