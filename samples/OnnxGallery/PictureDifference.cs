using static TorchSharp.torch;

namespace Acceleration.OnnxGallery;

/// <summary>How far apart the pictures of two samplers are that draw the same random numbers.</summary>
internal static class PictureDifference
{
    /// <summary>The largest difference of a pixel, where black is −1 and white 1.</summary>
    public static double Largest(Sampler a, Sampler b, SamplingRequest request, CancellationToken cancellation)
    {
        using var grad = no_grad();
        using var first = a.Generate(request, null, cancellation);
        using var second = b.Generate(request, null, cancellation);
        using var scope = NewDisposeScope();
        return (first.Latents.to(ScalarType.Float32) - second.Latents.to(ScalarType.Float32)).abs().max().item<float>();
    }
}
