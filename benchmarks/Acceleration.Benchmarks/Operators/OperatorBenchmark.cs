using BenchmarkDotNet.Attributes;
using static TorchSharp.torch;

namespace Acceleration.Benchmarks;

/// <summary>Base of the operator benchmarks.</summary>
[MemoryDiagnoser]
public abstract class OperatorBenchmark
{
    private readonly List<Tensor> _inputs = [];

    [Params(ScalarType.Float32, ScalarType.BFloat16)]
    public ScalarType DType { get; set; }

    [GlobalCleanup]
    public void Release()
    {
        _inputs.ForEach(input => input.Dispose());
        OperatorRoutes.Pin();
    }

    protected Tensor Normal(params long[] size)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(1);
        _inputs.Add(randn(size, ScalarType.Float32, generator: generator).to(DType).DetachFromDisposeScope());
        return _inputs[^1];
    }
}
