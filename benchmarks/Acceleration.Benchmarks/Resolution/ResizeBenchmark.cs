using BenchmarkDotNet.Attributes;
using static TorchSharp.torch;

namespace Acceleration.Benchmarks;

/// <summary>Resizing eight latents of 4 × 64 × 64 to half their sides.</summary>
[BenchmarkCategory("resize, 8 × 4 × 64 × 64 to half")]
public class ResizeBenchmark
{
    private static readonly long[] Half = [4, 32, 32];
    private Tensor _x = null!;

    [GlobalSetup]
    public void Prepare()
    {
        set_grad_enabled(false);
        _x = randn([8, 4, 64, 64]);
    }

    [GlobalCleanup]
    public void Release() => _x.Dispose();

    [Benchmark(Baseline = true, Description = "libtorch's bicubic, without antialiasing")]
    public void Native() => nn.functional.interpolate(_x, [32, 32], mode: InterpolationMode.Bicubic, align_corners: false).Dispose();

    [Benchmark(Description = "Lanczos-3")]
    public void Lanczos3() => Resampler.Resize(_x, Half, Resampling.Lanczos3).Dispose();

    [Benchmark(Description = "bicubic")]
    public void Bicubic() => Resampler.Resize(_x, Half, Resampling.Bicubic).Dispose();

    [Benchmark(Description = "area")]
    public void Area() => Resampler.Resize(_x, Half, Resampling.Area).Dispose();
}
