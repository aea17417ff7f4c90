namespace Acceleration.Tests.Docs;

/// <summary>The pool of docs/serving.md.</summary>
internal static class PoolCode
{
    public static async Task<long[]> RunAsync(Sampler sampler, SamplingRequest request, IProgress<SamplingProgress> progress, CancellationToken cancellation)
    {
        await using var pool = new SamplerPool(new() { MaxBatchSamples = 8, Capacity = 64 });
        using var result = await pool.GenerateAsync(sampler, request, client: "someone", progress, cancellation);
        return result.Latents.shape;
    }
}
