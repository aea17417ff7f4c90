using static TorchSharp.torch;

namespace Acceleration;

/// <summary>Between the things networks predict, on x = α·x0 + σ·ε (flow: α = 1 − σ; sigma-space solvers: α = 1).</summary>
public static class Conversions
{
    /// <summary>The clean sample a network output stands for. Same shape as <paramref name="output"/>.</summary>
    /// <param name="output">Network output, [samples, channels, ...].</param>
    /// <param name="type">What it means.</param>
    /// <param name="x">Latents at <paramref name="at"/>.</param>
    /// <param name="at">Noise level; an ε-prediction cannot be converted at α = 0.</param>
    /// <exception cref="ArgumentException">ε-prediction at zero signal.</exception>
    public static Tensor X0(Tensor output, PredictionType type, Tensor x, GridPoint at) => type switch
    {
        PredictionType.Epsilon when at.Alpha == 0 => throw new ArgumentException(
            FormattableString.Invariant($"An epsilon prediction says nothing about x0 where alpha is 0 (time {at.Time}): use a network that predicts v or the sample, or a schedule without zero terminal SNR.")),
        PredictionType.Epsilon => (x - output.Times(at.Sigma)).Over(at.Alpha),
        PredictionType.Sample => output.alias(),
        PredictionType.Velocity when !IsUnit(at) => x.Times(Kept(at)) - output.Times(Added(at)),
        PredictionType.Velocity => x.Times(at.Alpha) - output.Times(at.Sigma),
        PredictionType.Flow => x - output.Times(at.Sigma),
        PredictionType.Preconditioned => x.Times(Kept(at)).Plus(output.Times(Added(at))),
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "Unknown prediction type."),
    };

    /// <summary>The noise a network output stands for. Same shape as <paramref name="output"/>.</summary>
    /// <exception cref="ArgumentException">Sample prediction at zero noise.</exception>
    public static Tensor Epsilon(Tensor output, PredictionType type, Tensor x, GridPoint at) => type switch
    {
        PredictionType.Epsilon => output.alias(),
        PredictionType.Sample when at.Sigma == 0 => throw new ArgumentException(
            FormattableString.Invariant($"A sample prediction says nothing about epsilon where sigma is 0 (time {at.Time}).")),
        PredictionType.Sample => (x - output.Times(at.Alpha)).Over(at.Sigma),
        PredictionType.Velocity when !IsUnit(at) => x.Times(at.Sigma / Square(at)).Plus(output.Times(Signal(at) / MathF.Sqrt(Square(at)))),
        PredictionType.Velocity => output.Times(at.Alpha).Plus(x.Times(at.Sigma)),
        PredictionType.Flow => x.Plus(output.Times(1 - at.Sigma)),
        PredictionType.Preconditioned => x.Times(at.Sigma / Square(at)) - output.Times(Signal(at) / MathF.Sqrt(Square(at))),
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "Unknown prediction type."),
    };

    /// <summary>The network output that stands for a clean sample: the inverse of <see cref="X0"/>. Same shape as <paramref name="x0"/>.</summary>
    /// <param name="x0">Clean sample, [samples, channels, ...].</param>
    /// <param name="type">What the output means.</param>
    /// <param name="x">Latents at <paramref name="at"/>.</param>
    /// <param name="at">Noise level.</param>
    /// <exception cref="ArgumentException">There is no noise: any output but a sample stands for the same x0.</exception>
    public static Tensor Output(Tensor x0, PredictionType type, Tensor x, GridPoint at) => type switch
    {
        PredictionType.Sample => x0.alias(),
        _ when at.Sigma == 0 => throw new ArgumentException(
            FormattableString.Invariant($"At sigma 0 (time {at.Time}) x0 says nothing about the output that it was made from.")),
        PredictionType.Epsilon => (x - x0.Times(at.Alpha)).Over(at.Sigma),
        PredictionType.Velocity when !IsUnit(at) => (x.Times(Kept(at)) - x0).Over(Added(at)),
        PredictionType.Velocity => (x.Times(at.Alpha) - x0).Over(at.Sigma),
        PredictionType.Flow => (x - x0).Over(at.Sigma),
        PredictionType.Preconditioned => (x0 - x.Times(Kept(at))).Over(Added(at)),
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "Unknown prediction type."),
    };

    // v is defined on x/√(α² + σ²) with clean samples of unit variance: latents in the scaling of sigma-space solvers (α = 1) are divided first, and samples of another variance count as a signal of another scale.
    private static float Square(GridPoint at) => (Signal(at) * Signal(at)) + (at.Sigma * at.Sigma);

    private static float Signal(GridPoint at) => at.Alpha * at.SigmaData;

    private static bool IsUnit(GridPoint at) => at.SigmaData == 1 && MathF.Abs(Square(at) - 1) < 1e-5f;

    /// <summary>c_skip: the share of x in its clean sample.</summary>
    private static float Kept(GridPoint at) => at.SigmaData * Signal(at) / Square(at);

    /// <summary>c_out: the share of a preconditioned output.</summary>
    private static float Added(GridPoint at) => at.SigmaData * at.Sigma / MathF.Sqrt(Square(at));

    /// <summary>Bounds a predicted clean sample; the tensor itself where <paramref name="clip"/> is null.</summary>
    public static Tensor Clip(Tensor x0, SampleClip? clip)
    {
        if (clip is null)
        {
            return x0;
        }

        if (clip.ThresholdingRatio is not { } ratio)
        {
            return x0.Within(-clip.Range, clip.Range);
        }

        // Imagen, section 2.3: per sample, s = clamp(quantile(|x0|), 1, max), x0 clamped to ±s and divided by s.
        var samples = x0.size(0);
        using var flat = x0.reshape(samples, -1).@float();
        using var magnitude = flat.abs();
        using var q = quantile(magnitude, tensor((float)ratio, device: x0.device), 1).Within(1, clip.MaxValue).unsqueeze(1);
        using var bounded = flat.minimum(q).maximum(-q) / q;
        return bounded.reshape(x0.shape).to_type(x0.dtype);
    }
}
