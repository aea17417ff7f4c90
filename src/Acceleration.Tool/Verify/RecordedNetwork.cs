using static TorchSharp.torch;

namespace Acceleration.Tool;

/// <summary>Networks that golden files record or state in closed form.</summary>
internal static class RecordedNetwork
{
    /// <summary>What a sampler must know of one.</summary>
    /// <param name="type">What it predicts.</param>
    /// <param name="size">Size of one sample.</param>
    /// <param name="dtype">Type of its outputs.</param>
    public static DenoiserInfo Info(PredictionType type, long[] size, ScalarType dtype = ScalarType.Float32) => new()
    {
        Name = "the recorded network",
        Prediction = type,
        SampleSize = size,
        DType = dtype,
        Unconditional = c => Conditioning.None(c.Rows),
    };

    /// <summary>A value per row, [rows], to be multiplied with latents.</summary>
    public static Tensor PerRow(Tensor values, Tensor latents) => values.view([values.size(0), .. Enumerable.Repeat(1L, (int)latents.ndim - 1)]);
}
