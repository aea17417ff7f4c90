using BenchmarkDotNet.Attributes;
using static TorchSharp.torch;

namespace Acceleration.Benchmarks;

/// <summary>The parts of token merging on 1,024 tokens of 384 channels, half of them merged.</summary>
[BenchmarkCategory("token merging, 1,024 tokens")]
public class MergingBenchmark
{
    private readonly TokenLayout _layout = Grid.Square(1024);
    private Tensor _x = null!;
    private MergePlan _plan = null!;

    [GlobalSetup]
    public void Prepare()
    {
        using var scope = NewDisposeScope();
        set_grad_enabled(false);
        _x = randn([1, _layout.Tokens, 384]).DetachFromDisposeScope();
        _plan = Make();
        _plan.Slots.DetachFromDisposeScope();
        _plan.Kept.Index.DetachFromDisposeScope();
    }

    [GlobalCleanup]
    public void Release()
    {
        _x.Dispose();
        _plan.Slots.Dispose();
        _plan.Kept.Index.Dispose();
    }

    [Benchmark(Baseline = true, Description = "attention alone, for comparison")]
    public void Attention()
    {
        using var heads = _x.view(1, _layout.Tokens, 6, 64).transpose(1, 2);
        DenseAttention.Compute(heads, heads, heads).Dispose();
    }

    [Benchmark(Description = "plan")]
    public void Plan()
    {
        using var scope = NewDisposeScope();
        Make();
    }

    [Benchmark(Description = "reduce")]
    public void Reduce() => _plan.Reduce(_x).Dispose();

    [Benchmark(Description = "reduce and expand")]
    public void Expand()
    {
        using var reduced = _plan.Reduce(_x);
        _plan.Expand(reduced).Dispose();
    }

    private MergePlan Make()
    {
        var (sources, destinations) = TokenPartition.Cells(_layout.Height, _layout.Width, 2, 2);
        return TokenMatching.Of(_x, sources, destinations, _layout.Tokens / 2).Plan();
    }
}
