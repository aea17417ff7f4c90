using static TorchSharp.torch;

namespace Acceleration;

/// <summary>Where a request's random numbers come from.</summary>
public interface INoiseSource : IDisposable
{
    /// <summary>Unit normal noise for all samples, float32 [samples, size...] on the CPU.</summary>
    /// <param name="size">Size of one sample, [channels, ...].</param>
    Tensor Draw(IReadOnlyList<long> size);

    /// <summary>An independent source that continues with the same numbers.</summary>
    INoiseSource Clone();
}
