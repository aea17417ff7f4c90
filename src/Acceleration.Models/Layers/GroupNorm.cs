using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Acceleration.Models;

/// <summary>Normalisation over groups of channels and all pixels (Wu and He, arXiv:1803.08494). Does not own its tensors.</summary>
/// <param name="groups">Number of groups; divides the channels.</param>
/// <param name="epsilon">Added to the variance.</param>
/// <param name="weight">[channels].</param>
/// <param name="bias">[channels].</param>
public sealed class GroupNorm(long groups, double epsilon, Tensor weight, Tensor bias)
{
    /// <summary>Takes <c>name.weight</c> and <c>name.bias</c>.</summary>
    public static GroupNorm Read(IWeightSource weights, string name, long channels, long groups, double epsilon) => new(
        groups,
        epsilon,
        weights.Take(name + ".weight", [channels]),
        weights.Take(name + ".bias", [channels]));

    /// <summary>Normalises.</summary>
    /// <param name="x">[rows, channels, ...].</param>
    public Tensor Apply(Tensor x) => functional.group_norm(x, groups, weight, bias, epsilon);

    /// <summary>Normalises and applies SiLU.</summary>
    /// <inheritdoc cref="Apply"/>
    public Tensor ApplySilu(Tensor x)
    {
        using var normalised = Apply(x);
        return functional.silu(normalised);
    }
}
