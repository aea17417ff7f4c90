using static TorchSharp.torch;

namespace Acceleration.Models;

/// <summary>
/// The layer that makes a network's modulation. Its weights are a fifth of FLUX and a third of a DiT, so they are held in the type of the products; the sum with the bias, which holds the 1 of every scale, is not rounded to that type.
/// </summary>
/// <param name="weight">[parts·width, inputs].</param>
/// <param name="bias">[parts·width], in the type of the result.</param>
internal sealed class Modulation(Tensor weight, Tensor bias)
{
    private readonly Linear _layer = new(weight, weight.dtype == bias.dtype ? bias : null);

    public Device Device => weight.device;

    /// <summary>Multiply-adds of one row.</summary>
    public double MultiplyAdds => _layer.MultiplyAdds;

    /// <summary>Makes it.</summary>
    /// <param name="x">[rows, inputs].</param>
    /// <returns>[rows, parts·width], in the type of the bias.</returns>
    public Tensor Apply(Tensor x)
    {
        if (_layer.Bias is not null)
        {
            return _layer.Apply(x);
        }

        using var product = _layer.Apply(x);
        return product.to(bias.dtype).Increase(bias);
    }
}
