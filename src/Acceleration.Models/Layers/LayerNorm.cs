using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Acceleration.Models;

/// <summary>Normalisation over the last dimension. Does not own its tensors.</summary>
/// <param name="width">Size of the last dimension.</param>
/// <param name="epsilon">Added to the variance.</param>
/// <param name="weight">[width]; null where the modulation comes from a condition.</param>
/// <param name="bias">[width], or null.</param>
public sealed class LayerNorm(long width, double epsilon, Tensor? weight = null, Tensor? bias = null)
{
    private static readonly Scalar One = 1;

    private readonly long[] _shape = [width];

    /// <summary>Added to the variance.</summary>
    public double Epsilon => epsilon;

    /// <summary>Takes <c>name.weight</c> and, where there is one, <c>name.bias</c>.</summary>
    public static LayerNorm Read(IWeightSource weights, string name, long width, double epsilon, bool hasBias = true) => new(
        width,
        epsilon,
        weights.Take(name + ".weight", [width]),
        hasBias ? weights.Take(name + ".bias", [width]) : null);

    /// <summary>(x − mean)/√(variance + ε)·weight + bias.</summary>
    /// <param name="x">[..., width].</param>
    public Tensor Apply(Tensor x) => functional.layer_norm(x, _shape, weight!, bias!, epsilon);

    /// <summary>The normalised input times <paramref name="scale"/> plus <paramref name="shift"/>.</summary>
    /// <param name="x">[rows, tokens, width].</param>
    /// <param name="shift">[rows, 1, width].</param>
    /// <param name="scale">[rows, 1, width]; the whole factor, 1 for none.</param>
    public Tensor Modulated(Tensor x, Tensor shift, Tensor scale)
    {
        using var normalised = Apply(x);
        return shift.addcmul(normalised, scale, One);
    }
}
