using static TorchSharp.torch;

namespace Acceleration.Models;

/// <summary>x·Wᵀ + b. Immutable; does not own its tensors.</summary>
/// <param name="weight">[outputs, inputs].</param>
/// <param name="bias">[outputs], or null.</param>
public sealed class Linear(Tensor weight, Tensor? bias)
{
    private readonly ScalarType _type = weight.dtype;

    /// <summary>[outputs, inputs].</summary>
    public Tensor Weight => weight;

    /// <summary>[outputs], or null.</summary>
    public Tensor? Bias => bias;

    /// <summary>Multiply-adds of one token.</summary>
    public double MultiplyAdds => weight.numel();

    /// <summary>Its tensors.</summary>
    public IEnumerable<Tensor> Parameters => bias is null ? [weight] : [weight, bias];

    /// <summary>Takes <c>name.weight</c> and <c>name.bias</c>.</summary>
    /// <param name="weights">Where from.</param>
    /// <param name="name">Name of the layer.</param>
    /// <param name="inputs">Width of its input.</param>
    /// <param name="outputs">Width of its output.</param>
    /// <param name="hasBias">Whether there is a bias.</param>
    /// <param name="dtype">Type to compute in; null for the source's own.</param>
    public static Linear Read(IWeightSource weights, string name, long inputs, long outputs, bool hasBias = true, ScalarType? dtype = null) => new(
        weights.Take(name + ".weight", [outputs, inputs], dtype),
        hasBias ? weights.Take(name + ".bias", [outputs], dtype) : null);

    /// <summary>One layer whose output is the outputs of several layers of the same input, in order.</summary>
    /// <exception cref="ArgumentException">Some have a bias and some have not.</exception>
    public static Linear Stack(params IReadOnlyList<Linear> layers)
    {
        var biases = layers.Select(l => l.Bias).OfType<Tensor>().ToArray();
        return biases.Length == 0 || biases.Length == layers.Count
            ? new(cat([.. layers.Select(l => l.Weight)], 0), biases.Length == 0 ? null : cat(biases, 0))
            : throw new ArgumentException($"{biases.Length} of {layers.Count} layers have a bias; all or none must.", nameof(layers));
    }

    /// <summary>Takes several layers of the same input as one, whose output is theirs in order.</summary>
    /// <param name="weights">Where from.</param>
    /// <param name="inputs">Width of their input.</param>
    /// <param name="parts">Name and width of the output of each.</param>
    /// <param name="hasBias">Whether they have a bias.</param>
    /// <param name="dtype">Type to compute in; null for the source's own.</param>
    public static Linear ReadStack(IWeightSource weights, long inputs, IEnumerable<(string Name, long Outputs)> parts, bool hasBias = true, ScalarType? dtype = null)
    {
        (string Name, long Outputs)[] all = [.. parts];
        IReadOnlyList<(string, long)> Parts(string parameter) => [.. all.Select(p => (p.Name + parameter, p.Outputs))];

        return new(weights.TakeStacked(Parts(".weight"), [inputs], dtype), hasBias ? weights.TakeStacked(Parts(".bias"), [], dtype) : null);
    }

    /// <summary>Applies the layer, in the type of its weight.</summary>
    /// <param name="x">[..., inputs].</param>
    /// <returns>[..., outputs], in the type of the weight.</returns>
    /// <exception cref="ArgumentException">The width does not fit.</exception>
    public Tensor Apply(Tensor x)
    {
        if (x.dtype == _type)
        {
            return MatrixProduct.Compute(x, weight, bias);
        }

        using var converted = x.to(_type);
        return MatrixProduct.Compute(converted, weight, bias);
    }

    /// <summary>Applies the layer and the GELU after it.</summary>
    /// <param name="x">[..., inputs].</param>
    /// <param name="form">The form the network was trained with.</param>
    /// <returns>[..., outputs], in the type of the weight.</returns>
    /// <exception cref="ArgumentException">The width does not fit.</exception>
    public Tensor ApplyGelu(Tensor x, GeluForm form = GeluForm.Tanh)
    {
        if (x.dtype == _type)
        {
            return LinearGelu.Compute(x, weight, bias, form);
        }

        using var converted = x.to(_type);
        return LinearGelu.Compute(converted, weight, bias, form);
    }
}
