using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Acceleration.Models;

/// <summary>Normalisation over the last dimension without weights of its own, as networks use it whose modulation comes from a condition.</summary>
/// <param name="width">Size of the last dimension.</param>
/// <param name="epsilon">Added to the variance.</param>
public sealed class LayerNorm(long width, double epsilon)
{
    private static readonly Scalar One = 1;

    private readonly long[] _shape = [width];

    /// <summary>Added to the variance.</summary>
    public double Epsilon => epsilon;

    /// <summary>(x − mean)/√(variance + ε).</summary>
    /// <param name="x">[..., width].</param>
    public Tensor Apply(Tensor x) => functional.layer_norm(x, _shape, null!, null!, epsilon);

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
