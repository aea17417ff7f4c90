using static TorchSharp.torch;

namespace Acceleration.Benchmarks;

/// <summary>A network with inputs of its own.</summary>
internal interface ISizedNetwork : IDisposable
{
    /// <summary>One forward pass; the result is the caller's.</summary>
    Tensor Run();
}
