using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Acceleration.Models;

/// <summary>
/// The usual embedding of a diffusion time: 256 sinusoids and a two-layer perceptron. Does not own its layers' tensors.
/// </summary>
/// <param name="first">[width, 256].</param>
/// <param name="second">[width, width].</param>
public sealed class TimestepEmbedding(Linear first, Linear second)
{
    /// <summary>Number of sinusoids.</summary>
    public const int Sinusoids = 256;

    private const double LongestPeriod = 10000;

    /// <summary>Its tensors.</summary>
    public IEnumerable<Tensor> Parameters => [.. first.Parameters, .. second.Parameters];

    /// <summary>Takes the layers <paramref name="firstName"/> and <paramref name="secondName"/>.</summary>
    public static TimestepEmbedding Read(IWeightSource weights, string firstName, string secondName, long width) => new(
        Linear.Read(weights, firstName, Sinusoids, width),
        Linear.Read(weights, secondName, width, width));

    /// <summary>Frequencies 10000^(−k/(128 − shift)), k = 0..127.</summary>
    /// <param name="shift">0, or 1 where the last one is 1/10000 exactly.</param>
    /// <param name="device">Where they go.</param>
    /// <returns>float64 [128]; float32 on devices that have no float64.</returns>
    public static Tensor Frequencies(int shift, Device device)
    {
        const int half = Sinusoids / 2;
        var frequencies = new double[half];
        for (var k = 0; k < half; k++)
        {
            frequencies[k] = Math.Exp(-Math.Log(LongestPeriod) * k / (half - shift));
        }

        // Times up to 1000 leave a float32 phase with 6e-5 of rounding, most of a network's error.
        return tensor(frequencies, device.type == DeviceType.MPS ? ScalarType.Float32 : ScalarType.Float64, device);
    }

    /// <summary>Cosines, then sines.</summary>
    /// <param name="timestep">[rows].</param>
    /// <param name="frequencies">[128].</param>
    /// <param name="dtype">Type of the result.</param>
    /// <returns>[rows, 256].</returns>
    public static Tensor Sinusoid(Tensor timestep, Tensor frequencies, ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        var phase = timestep.to(frequencies.dtype).unsqueeze(1) * frequencies;
        return cat([phase.cos(), phase.sin()], 1).to(dtype).MoveToOuterDisposeScope();
    }

    /// <summary>Embeds sinusoids.</summary>
    /// <param name="sinusoids">[rows, 256], of the layers' type.</param>
    /// <returns>[rows, width].</returns>
    public Tensor Apply(Tensor sinusoids)
    {
        using var hidden = first.Apply(sinusoids);
        using var active = functional.silu(hidden);
        return second.Apply(active);
    }
}
