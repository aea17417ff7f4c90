using static TorchSharp.torch;

namespace Acceleration.Models;

/// <summary>Self-attention whose queries and keys are used as they are made. Does not own its tensors.</summary>
/// <param name="Qkv">Queries, keys and values.</param>
/// <param name="Projection">After it.</param>
/// <param name="Heads">Heads.</param>
internal sealed record SelfAttention(Linear Qkv, Linear Projection, int Heads)
{
    /// <summary>Multiply-adds, pairs of tokens apart.</summary>
    public double MultiplyAdds => Qkv.MultiplyAdds + Projection.MultiplyAdds;

    /// <summary>Takes <c>name.to_q</c>, <c>to_k</c>, <c>to_v</c> and <c>to_out.0</c>, as diffusers names them.</summary>
    /// <param name="weights">Where from.</param>
    /// <param name="name">Its name.</param>
    /// <param name="width">Width of a token.</param>
    /// <param name="heads">Heads.</param>
    /// <param name="hasBias">Whether queries, keys and values have a bias.</param>
    /// <param name="dtype">Type to compute in.</param>
    public static SelfAttention Read(IWeightSource weights, string name, long width, int heads, bool hasBias = true, ScalarType? dtype = null) => new(
        Linear.ReadStack(weights, width, [(name + ".to_q", width), (name + ".to_k", width), (name + ".to_v", width)], hasBias, dtype),
        Linear.Read(weights, name + ".to_out.0", width, width, dtype: dtype),
        heads);

    /// <param name="h">[rows, tokens, width].</param>
    /// <param name="site">Where it attends.</param>
    /// <param name="e">The evaluation.</param>
    /// <param name="residual">Type of the result.</param>
    /// <returns>[rows, tokens, width].</returns>
    public Tensor Apply(Tensor h, Site site, Evaluation e, ScalarType residual)
    {
        using var scope = NewDisposeScope();
        using var joined = Joined(h, site, e);
        return Projection.Apply(joined).InType(residual).MoveToOuterDisposeScope();
    }

    /// <summary>[rows, tokens, width]; queries, keys and values are gone when the projection begins.</summary>
    public Tensor Joined(Tensor h, Site site, Evaluation e)
    {
        using var scope = NewDisposeScope();
        var joint = Qkv.Apply(h);
        var mixed = e.Attend(site, new(Models.Heads.Of(joint, 0, 3, Heads), Models.Heads.Of(joint, 1, 3, Heads), Models.Heads.Of(joint, 2, 3, Heads)));
        return Models.Heads.Join(mixed).MoveToOuterDisposeScope();
    }
}
