using BenchmarkDotNet.Attributes;
using static TorchSharp.torch;

namespace Acceleration.Benchmarks;

/// <summary>What each strategy does besides the network: whole requests of ten guided steps on a network that is nearly free. No strategy skips anything.</summary>
[BenchmarkCategory("ten steps without a network, 4 samples")]
public class DecisionBenchmark
{
    private const int Steps = 10;
    private const int Samples = 4;
    private IDenoiser _real = null!;
    private FreeNetwork _network = null!;
    private Conditioning _condition = null!;

    [GlobalSetup]
    public void Prepare()
    {
        _real = SampleNetwork.Load(ScalarType.Float32);
        _network = new(_real.Info, 192, Samples);
        _condition = SampleNetwork.Labels(_real.Info, Samples);
    }

    [GlobalCleanup]
    public void Release()
    {
        _condition.Dispose();
        _network.Dispose();
        _real.Dispose();
    }

    [Benchmark(Baseline = true, Description = "no strategy")]
    public void None() => Run();

    [Benchmark(Description = "nobody looks for NaN")]
    public void NobodyLooks() => Settings.Builder(_network, Steps).OnNonFinite(NonFinite.Ignore).Build().Generate(new() { Condition = _condition, Seed = 1 }).Dispose();

    [Benchmark(Description = "EasyCache")]
    public void EasyCache() => Run(new EasyCache(0));

    [Benchmark(Description = "first and last blocks (Δ-DiT)")]
    public void DeltaDiT() => Run(new DeltaDiT(1, 4, Steps / 2));

    [Benchmark(Description = "forecast")]
    public void Forecast() => Run(new IntervalForecast(1));

    [Benchmark(Description = "adaptive guidance")]
    public void AdaptiveGuidance() => Run(new AdaptiveGuidance(1.1));

    private void Run(params IStrategy[] strategies) => Settings.Sampler(_network, Steps, strategies).Generate(new() { Condition = _condition, Seed = 1 }).Dispose();
}
