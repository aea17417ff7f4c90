using TorchSharp;
using static TorchSharp.torch;

namespace Acceleration.Models;

/// <summary>
/// Sines and cosines of a number at geometrically spaced frequencies (Vaswani et al., "Attention is all you need", arXiv:1706.03762), as diffusion networks encode time, sizes and guidance scales.
/// Owns its frequencies.
/// </summary>
public sealed class Sinusoids : IDisposable
{
    private readonly Tensor _frequencies;
    private readonly bool _cosinesFirst;

    /// <summary>Frequencies P^(−k/(count/2 − shift)), k = 0 .. count/2 − 1.</summary>
    /// <param name="count">Numbers per encoded number; even.</param>
    /// <param name="cosinesFirst">Whether the cosines come first (<c>flip_sin_to_cos</c>).</param>
    /// <param name="shift">0, or 1 where the last frequency is 1/P exactly (<c>freq_shift</c>).</param>
    /// <param name="device">Where they are computed; null for the CPU.</param>
    /// <param name="longestPeriod">P.</param>
    /// <exception cref="ArgumentOutOfRangeException">The count is odd or below 2.</exception>
    public Sinusoids(int count, bool cosinesFirst = true, double shift = 0, Device? device = null, double longestPeriod = 10000)
    {
        if (count < 2 || count % 2 != 0)
        {
            throw new ArgumentOutOfRangeException(nameof(count), count, "Sines and cosines come in pairs.");
        }

        var half = count / 2;
        var frequencies = new double[half];
        for (var k = 0; k < half; k++)
        {
            frequencies[k] = Math.Exp(-Math.Log(longestPeriod) * k / (half - shift));
        }

        // Times up to 1000 leave a float32 phase with 6e-5 of rounding, most of a network's error.
        _frequencies = tensor(frequencies, device?.type == DeviceType.MPS ? ScalarType.Float32 : ScalarType.Float64, device).DetachFromDisposeScope();
        _cosinesFirst = cosinesFirst;
        Count = count;
    }

    /// <summary>Numbers per encoded number.</summary>
    public int Count { get; }

    /// <summary>Encodes numbers.</summary>
    /// <param name="x">[n].</param>
    /// <param name="dtype">Type of the result.</param>
    /// <returns>[n, count].</returns>
    public Tensor Apply(Tensor x, ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        var phase = x.to(_frequencies.dtype).unsqueeze(1) * _frequencies;
        return cat(_cosinesFirst ? [phase.cos(), phase.sin()] : [phase.sin(), phase.cos()], 1).to(dtype).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public void Dispose() => _frequencies.Dispose();
}
