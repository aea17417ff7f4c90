using BenchmarkDotNet.Attributes;
using static TorchSharp.torch;

namespace Acceleration.Benchmarks;

/// <summary>The attention executor on 2,048 tokens, four heads of 64.</summary>
[BenchmarkCategory("attention, 2,048 tokens")]
public class PatternBenchmark
{
    private readonly TokenLayout _layout = Grid.Square(2048);
    private AttentionInput _input;
    private GroupedPlan _near = null!;
    private GroupedPlan _axes = null!;

    [GlobalSetup]
    public void Prepare()
    {
        using var scope = NewDisposeScope();
        set_grad_enabled(false);
        var qkv = randn([1, _layout.Tokens, 3, 4, 64]).permute(2, 0, 3, 1, 4).unbind();
        _input = new(qkv[0].DetachFromDisposeScope(), qkv[1].DetachFromDisposeScope(), qkv[2].DetachFromDisposeScope());
        (_near, _axes) = (new(new NeighbourGroups(GroupSize.Image, 0), TokenGrid.Of(_layout)), new(new AxisGroups(GroupSize.Image), TokenGrid.Of(_layout)));
    }

    [GlobalCleanup]
    public void Release()
    {
        _input.Query.Dispose();
        _input.Key.Dispose();
        _input.Value.Dispose();
    }

    [Benchmark(Baseline = true, Description = "dense")]
    public void Dense() => DenseAttention.Compute(_input).Dispose();

    [Benchmark(Description = "own group (1/8 of the pairs)")]
    public void Near() => GroupedAttention.Compute(_input, _layout, _near).Dispose();

    [Benchmark(Description = "GRAT-X (5/8 of the pairs)")]
    public void Axes() => GroupedAttention.Compute(_input, _layout, _axes).Dispose();
}
