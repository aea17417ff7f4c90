using static TorchSharp.torch;

namespace Acceleration.Benchmarks;

/// <summary>One finished request: time, cost and pictures.</summary>
internal sealed record Request(double Seconds, Trace Trace, Tensor Pictures) : IDisposable
{
    public static Request Run(Sampler sampler, Conditioning condition)
    {
        SamplingResult? result = null;
        var milliseconds = Turns.Time(() => result = sampler.Generate(new() { Condition = condition, Seed = 1 }));
        using (result)
        {
            using var scope = NewDisposeScope();
            return new(milliseconds / 1e3, result!.Trace, ((result.Latents.clamp(-1, 1) + 1) / 2).DetachFromDisposeScope());
        }
    }

    /// <summary>How close the pictures are to others, in dB.</summary>
    public double Psnr(Request reference) => ImageMetrics.Psnr(Pictures, reference.Pictures);

    public void Dispose() => Pictures.Dispose();
}
