using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Acceleration.Models;

/// <summary>Computes activations.</summary>
internal static class Activations
{
    private const double QuickSlope = 1.702;

    private static readonly (string Name, Activation Activation)[] Names =
    [
        ("silu", Activation.Silu), ("swish", Activation.Silu), ("gelu", Activation.Gelu), ("gelu_new", Activation.GeluTanh), ("gelu-approximate", Activation.GeluTanh),
        ("gelu_pytorch_tanh", Activation.GeluTanh), ("quick_gelu", Activation.QuickGelu), ("relu", Activation.Relu), ("mish", Activation.Mish),
    ];

    /// <summary>The activation that a configuration names; those not in <paramref name="supported"/> are refused.</summary>
    public static Activation Of(CheckpointConfig config, string key, string otherwise, params ReadOnlySpan<Activation> supported)
    {
        var known = supported.ToArray();
        var name = config.Expect(key, [.. Names.Where(n => known.Length == 0 || known.Contains(n.Activation)).Select(n => n.Name)]) ?? otherwise;
        return Array.Find(Names, n => string.Equals(n.Name, name, StringComparison.OrdinalIgnoreCase)).Activation;
    }

    /// <summary>A new tensor.</summary>
    public static Tensor Apply(this Activation activation, Tensor x)
    {
        switch (activation)
        {
            case Activation.Silu:
                return functional.silu(x);
            case Activation.Gelu:
                return Gelu.Compute(x, GeluForm.Erf);
            case Activation.GeluTanh:
                return Gelu.Compute(x, GeluForm.Tanh);
            case Activation.QuickGelu:
                return x.Times(QuickSlope).sigmoid_().mul_(x);
            case Activation.Relu:
                return functional.relu(x);
            case Activation.Mish:
                // softplus(x) = −log sigmoid(−x), which takes no numbers beside the tensor.
                using (var minus = x.neg())
                {
                    return minus.log_sigmoid().neg_().tanh_().mul_(x);
                }

            default:
                throw new ArgumentOutOfRangeException(nameof(activation), activation, "There is no such activation.");
        }
    }
}
