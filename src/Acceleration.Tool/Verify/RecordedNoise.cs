using static TorchSharp.torch;

namespace Acceleration.Tool;

/// <summary>The draws of a recorded run as random numbers, in their order.</summary>
/// <param name="draws">[draws, samples, ...]; null for none.</param>
internal sealed class RecordedNoise(Tensor? draws) : INoiseSource
{
    private int _next;

    /// <exception cref="InvalidOperationException">Another draw than those recorded is asked for.</exception>
    public Tensor Draw(IReadOnlyList<long> size) => draws is not null && _next < draws.size(0)
        ? draws[_next++]
        : throw new InvalidOperationException($"Draw {_next + 1} of noise is asked for; {draws?.size(0) ?? 0} are recorded.");

    public INoiseSource Clone() => new RecordedNoise(draws) { _next = _next };

    public void Dispose()
    {
        // The draws belong to the scope in which the file was read.
    }
}
