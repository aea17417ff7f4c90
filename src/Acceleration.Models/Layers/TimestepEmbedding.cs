using static TorchSharp.torch;

namespace Acceleration.Models;

/// <summary>
/// The usual embedding of an encoded time, text or size: two linear layers with a nonlinear function between them, usually SiLU. Does not own its layers' tensors.
/// </summary>
/// <param name="first">[width, inputs].</param>
/// <param name="second">[width, width].</param>
/// <param name="activation">The function between them.</param>
public sealed class TimestepEmbedding(Linear first, Linear second, Activation activation = Activation.Silu)
{
    /// <summary>Its tensors.</summary>
    public IEnumerable<Tensor> Parameters => [.. first.Parameters, .. second.Parameters];

    /// <summary>Multiply-adds of one row.</summary>
    public double MultiplyAdds => first.MultiplyAdds + second.MultiplyAdds;

    /// <summary>Takes the layers <paramref name="firstName"/> and <paramref name="secondName"/>.</summary>
    public static TimestepEmbedding Read(IWeightSource weights, string firstName, string secondName, long inputs, long width, Activation activation = Activation.Silu) => new(
        Linear.Read(weights, firstName, inputs, width),
        Linear.Read(weights, secondName, width, width),
        activation);

    /// <summary>Embeds.</summary>
    /// <param name="x">[rows, inputs], of the layers' type.</param>
    /// <returns>[rows, width].</returns>
    public Tensor Apply(Tensor x)
    {
        using var hidden = first.Apply(x);
        using var active = activation.Apply(hidden);
        return second.Apply(active);
    }
}
