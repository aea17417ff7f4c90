using Acceleration.Models;
using BenchmarkDotNet.Attributes;
using static TorchSharp.torch;

namespace Acceleration.Benchmarks;

/// <summary>The sample DiT at batch 2: in libtorch's own operators, in those measured to be fastest, and written as a plain loop without sites.</summary>
[BenchmarkCategory("forward pass, sample DiT, batch 2")]
public class ForwardBenchmark
{
    private DiT _network = null!;
    private PlainDiT _loop = null!;
    private NetworkInput _input = null!;

    [GlobalSetup]
    public void Prepare()
    {
        set_grad_enabled(false);
        _network = SampleNetwork.Load(ScalarType.Float32);
        _loop = new(SampleNetwork.Path, ScalarType.Float32);
        _input = SampleNetwork.Input(_network.Info, 2);
    }

    [GlobalSetup(Target = nameof(Native))]
    public void PrepareNative()
    {
        Prepare();
        OperatorRoutes.PinNative();
    }

    [GlobalCleanup]
    public void Release()
    {
        OperatorRoutes.Pin();
        _input.Dispose();
        _loop.Dispose();
        _network.Dispose();
    }

    [Benchmark(Baseline = true, Description = "plain loop, fastest operators")]
    public void Loop() => _loop.Predict(_input).Dispose();

    [Benchmark(Description = "with sites, fastest operators")]
    public void Sites() => _input.Run(_network).Dispose();

    [Benchmark(Description = "with sites, libtorch's own operators")]
    public void Native() => _input.Run(_network).Dispose();
}
