using BenchmarkDotNet.Attributes;
using static TorchSharp.torch;

namespace Acceleration.Benchmarks;

/// <summary>The routes of <see cref="Gelu"/>.</summary>
public class GeluBenchmark : OperatorBenchmark
{
    private Tensor _x = null!;

    [Params(196_608, 1_572_864, 7_864_320)]
    public long Elements { get; set; }

    [Params(GeluRoute.Native, GeluRoute.Sigmoid)]
    public GeluRoute Route { get; set; }

    [GlobalSetup]
    public void Prepare()
    {
        _x = Normal(Elements);
        Gelu.Route = Route;
    }

    [Benchmark]
    public void Compute() => Gelu.Compute(_x).Dispose();
}
