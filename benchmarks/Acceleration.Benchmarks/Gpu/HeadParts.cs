using Acceleration.Models;
using static TorchSharp.torch;

namespace Acceleration.Benchmarks;

/// <summary>What FLUX and Wan do to queries and keys, in the operators that their published code uses.</summary>
internal static class HeadParts
{
    private const double Epsilon = 1e-6;

    /// <summary>x / √mean(x²) · gain over the last dimension, in float32.</summary>
    public static Tensor Rms(Tensor x, Tensor gain)
    {
        using var scope = NewDisposeScope();
        var wide = x.to(ScalarType.Float32);
        return ((wide * (wide.square().mean([-1], keepdim: true) + Epsilon).rsqrt()).to(x.dtype) * gain).MoveToOuterDisposeScope();
    }

    /// <summary>Turns neighbouring channels of [rows, heads, tokens, head_dim] by their token's angles, in float32.</summary>
    /// <param name="x">Queries or keys.</param>
    /// <param name="cos">[tokens, head_dim / 2].</param>
    /// <param name="sin">[tokens, head_dim / 2].</param>
    public static Tensor Turn(Tensor x, Tensor cos, Tensor sin)
    {
        using var scope = NewDisposeScope();
        var pairs = x.to(ScalarType.Float32).unflatten(3, [-1, 2]).unbind(-1);
        var turned = stack([(pairs[0] * cos) - (pairs[1] * sin), (pairs[0] * sin) + (pairs[1] * cos)], -1);
        return turned.flatten(3).to(x.dtype).MoveToOuterDisposeScope();
    }

    /// <summary>[rows, tokens, width] → [rows, heads, tokens, head_dim].</summary>
    public static Tensor Heads(Tensor x, int heads) => x.unflatten(2, [heads, -1]).transpose(1, 2);

    /// <summary>[rows, heads, tokens, head_dim] → [rows, tokens, width].</summary>
    public static Tensor Join(Tensor x) => x.transpose(1, 2).flatten(2);

    /// <summary>A layer of modulation whose bias holds the 1 of (1 + scale) for the given parts, so that a product gives the whole factor.</summary>
    public static Linear Modulation(RandomWeights weights, string name, int width, int parts, params int[] scales)
    {
        var layer = Linear.Read(weights, name, width, parts * width);
        return new(layer.Weight, WithOnes(layer.Bias!.clone().view(parts, width), scales).view(-1).DetachFromDisposeScope());
    }

    /// <summary>Adds 1 to some parts, in place.</summary>
    public static Tensor WithOnes(Tensor parts, params int[] scales)
    {
        foreach (var scale in scales)
        {
            parts[scale].add_(1);
        }

        return parts;
    }
}
