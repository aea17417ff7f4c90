using static TorchSharp.torch;

namespace Acceleration.Models;

/// <summary>The feed-forward part of a transformer block: two linear layers with a nonlinear function between them, or half of the first layer's output as the other half's factor (Shazeer, arXiv:2002.05202).</summary>
/// <param name="up">[hidden, width], or [2·hidden, width] where half of it is a factor.</param>
/// <param name="down">[width, hidden].</param>
/// <param name="kind">What lies between.</param>
internal sealed class TransformerFeedForward(Linear up, Linear down, TransformerFeedForward.Kind kind)
{
    private static readonly (string Name, Kind Kind)[] Names =
    [
        ("gelu", new(Activation.Gelu)), ("gelu-approximate", new(Activation.GeluTanh)), ("geglu", new(Activation.Gelu, IsGated: true)),
        ("geglu-approximate", new(Activation.QuickGelu)), ("swiglu", new(Activation.Silu, IsGated: true)), ("linear-silu", new(Activation.Silu)),
    ];

    /// <summary>Multiply-adds of one token.</summary>
    public double MultiplyAdds => up.MultiplyAdds + down.MultiplyAdds;

    /// <summary>The form that a configuration names as diffusers does.</summary>
    public static Kind KindOf(CheckpointConfig config, string key, string otherwise)
    {
        var name = config.Expect(key, [.. Names.Select(n => n.Name)]) ?? otherwise;
        return Array.Find(Names, n => string.Equals(n.Name, name, StringComparison.OrdinalIgnoreCase)).Kind;
    }

    /// <summary>Takes <c>name.net.0.proj</c> and <c>name.net.2</c>.</summary>
    public static TransformerFeedForward Read(IWeightSource weights, string name, long width, long hidden, Kind kind, ScalarType? dtype = null, long? outputs = null) => new(
        Linear.Read(weights, name + ".net.0.proj", width, kind.IsGated ? 2 * hidden : hidden, dtype: dtype),
        Linear.Read(weights, name + ".net.2", hidden, outputs ?? width, dtype: dtype),
        kind);

    /// <param name="x">[..., width].</param>
    /// <returns>[..., outputs], in the type of the layers.</returns>
    public Tensor Apply(Tensor x)
    {
        using var active = kind.IsGated ? Gated(x) : Plain(x);
        return down.Apply(active);
    }

    private Tensor Plain(Tensor x)
    {
        if (kind.Activation is Activation.Gelu or Activation.GeluTanh)
        {
            return up.ApplyGelu(x, kind.Activation == Activation.Gelu ? GeluForm.Erf : GeluForm.Tanh);
        }

        using var hidden = up.Apply(x);
        return kind.Activation.Apply(hidden);
    }

    private Tensor Gated(Tensor x)
    {
        using var scope = NewDisposeScope();
        var both = up.Apply(x);
        var hidden = both.size(-1) / 2;
        var factor = kind.Activation.Apply(both.narrow(-1, hidden, hidden).contiguous());
        return factor.mul_(both.narrow(-1, 0, hidden)).MoveToOuterDisposeScope();
    }

    /// <summary>What lies between the layers.</summary>
    /// <param name="Activation">The function.</param>
    /// <param name="IsGated">Whether the first half of the first layer's output is multiplied with the function of the second.</param>
    public readonly record struct Kind(Activation Activation, bool IsGated = false);
}
