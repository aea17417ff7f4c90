using BenchmarkDotNet.Attributes;
using static TorchSharp.torch;

namespace Acceleration.Benchmarks;

/// <summary>The routes of <see cref="DenseAttention"/> at head size 64.</summary>
public class AttentionBenchmark : OperatorBenchmark
{
    private const long HeadDim = 64;
    private Tensor _query = null!;
    private Tensor _key = null!;
    private Tensor _value = null!;

    /// <summary>Rows, heads, tokens.</summary>
    [Params("1x3x256", "8x3x256", "2x6x1024")]
    public string Shape { get; set; } = "";

    [Params(AttentionRoute.Fused, AttentionRoute.Composed, AttentionRoute.Convolution)]
    public AttentionRoute Route { get; set; }

    [GlobalSetup]
    public void Prepare()
    {
        var sizes = Array.ConvertAll(Shape.Split('x'), long.Parse);
        Tensor Input() => Normal(sizes[0], sizes[1], sizes[2], HeadDim);
        (_query, _key, _value) = (Input(), Input(), Input());
        DenseAttention.Route = Route;
    }

    [Benchmark]
    public void Compute() => DenseAttention.Compute(_query, _key, _value).Dispose();
}
