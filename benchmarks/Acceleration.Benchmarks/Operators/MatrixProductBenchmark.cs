using BenchmarkDotNet.Attributes;
using static TorchSharp.torch;

namespace Acceleration.Benchmarks;

/// <summary>The routes of <see cref="MatrixProduct"/> at shapes of small and large networks.</summary>
public class MatrixProductBenchmark : OperatorBenchmark
{
    private Tensor _x = null!;
    private Tensor _weight = null!;
    private Tensor _bias = null!;

    /// <summary>Rows, inputs, outputs.</summary>
    [Params("256x192x576", "2048x192x768", "2048x384x1536", "77x768x768")]
    public string Shape { get; set; } = "";

    [Params(MatrixRoute.Linear, MatrixRoute.Convolution)]
    public MatrixRoute Route { get; set; }

    [GlobalSetup]
    public void Prepare()
    {
        var sizes = Array.ConvertAll(Shape.Split('x'), long.Parse);
        (_x, _weight, _bias) = (Normal(sizes[0], sizes[1]), Normal(sizes[2], sizes[1]), Normal(sizes[2]));
        MatrixProduct.Route = Route;
    }

    [Benchmark]
    public void Compute() => MatrixProduct.Compute(_x, _weight, _bias).Dispose();
}
