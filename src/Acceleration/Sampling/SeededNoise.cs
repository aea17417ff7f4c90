using static TorchSharp.torch;

namespace Acceleration;

/// <summary>
/// Sample i draws from a generator seeded with seed + i, so a sample does not depend on its neighbours, and equals PyTorch's
/// <c>randn(1, ..., generator=Generator().manual_seed(seed + i))</c> bit for bit. Drawn on the CPU whatever the device.
/// </summary>
public sealed class SeededNoise : INoiseSource
{
    private readonly Generator[] _generators;

    /// <summary>One generator for each sample.</summary>
    /// <param name="seed">Seed of sample 0.</param>
    /// <param name="samples">Number of samples, at least 1.</param>
    public SeededNoise(long seed, int samples)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(samples, 1);
        _generators = [.. Enumerable.Range(0, samples).Select(i => new Generator(unchecked((ulong)(seed + i))))];
    }

    private SeededNoise(Generator[] generators) => _generators = generators;

    /// <inheritdoc/>
    public Tensor Draw(IReadOnlyList<long> size)
    {
        long[] shape = [1, .. size];
        var parts = Array.ConvertAll(_generators, g => randn(shape, generator: g));
        if (parts.Length == 1)
        {
            return parts[0];
        }

        var all = cat(parts, 0);
        Array.ForEach(parts, p => p.Dispose());
        return all;
    }

    /// <inheritdoc/>
    public INoiseSource Clone() => new SeededNoise(Array.ConvertAll(_generators, g =>
    {
        using var state = g.get_state();
        var copy = new Generator(0);
        copy.set_state(state);
        return copy;
    }));

    /// <inheritdoc/>
    public void Dispose() => Array.ForEach(_generators, g => g.Dispose());
}
