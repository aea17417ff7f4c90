using static TorchSharp.torch;

namespace Acceleration.Models;

/// <summary>Attention of every pixel to every pixel, in one head, added to its input.</summary>
internal sealed record KlAttention(GroupNorm Norm, Linear Qkv, Linear Projection, ScalarType Residual)
{
    private const double Epsilon = 1e-6;

    public static KlAttention Read(IWeightSource weights, string name, int width, KlConfig c, NetworkOptions options)
    {
        var old = weights.ShapeOf(name + ".query.weight") is not null;
        string[] parts = old ? ["query", "key", "value"] : ["to_q", "to_k", "to_v"];
        return new(
            GroupNorm.Read(weights, name + ".group_norm", width, c.Groups, Epsilon),
            Linear.ReadStack(weights, width, parts.Select(p => ($"{name}.{p}", (long)width)), dtype: options.DType),
            Linear.Read(weights, name + (old ? ".proj_attn" : ".to_out.0"), width, width, dtype: options.DType),
            options.Residual);
    }

    /// <param name="x">[rows, width, height, width of the picture].</param>
    /// <returns>The same size, a new tensor.</returns>
    public Tensor Apply(Tensor x)
    {
        using var scope = NewDisposeScope();
        using var mixed = Mixed(x);
        using var projected = KlResidual.InType(Projection.Apply(mixed), Residual);
        return projected.transpose(1, 2).reshape(x.shape).Plus(x).MoveToOuterDisposeScope();
    }

    /// <summary>[rows, pixels, width].</summary>
    private Tensor Mixed(Tensor x)
    {
        using var scope = NewDisposeScope();
        using var normalised = Norm.Apply(x);
        using var joint = Qkv.Apply(normalised.flatten(2).transpose(1, 2).contiguous());
        var mixed = DenseAttention.Compute(Heads.Of(joint, 0, 3, 1), Heads.Of(joint, 1, 3, 1), Heads.Of(joint, 2, 3, 1));
        return Heads.Join(mixed).MoveToOuterDisposeScope();
    }
}
