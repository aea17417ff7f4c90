using static TorchSharp.torch;

namespace Acceleration.Models;

/// <summary>Attention to a text. Does not own its tensors.</summary>
/// <param name="Query">Of the tokens.</param>
/// <param name="KeyValue">Keys and values of the text.</param>
/// <param name="Projection">After it.</param>
/// <param name="Heads">Heads.</param>
internal sealed record CrossAttention(Linear Query, Linear KeyValue, Linear Projection, int Heads)
{
    /// <summary>Takes <c>name.to_q</c>, <c>to_k</c>, <c>to_v</c> and <c>to_out.0</c>, as diffusers names them.</summary>
    /// <param name="weights">Where from.</param>
    /// <param name="name">Its name.</param>
    /// <param name="width">Width of a token.</param>
    /// <param name="textWidth">Width of a token of the text.</param>
    /// <param name="heads">Heads.</param>
    /// <param name="hasBias">Whether queries, keys and values have a bias.</param>
    /// <param name="dtype">Type to compute in.</param>
    public static CrossAttention Read(IWeightSource weights, string name, long width, long textWidth, int heads, bool hasBias, ScalarType dtype) => new(
        Linear.Read(weights, name + ".to_q", width, width, hasBias, dtype),
        Linear.ReadStack(weights, textWidth, [(name + ".to_k", width), (name + ".to_v", width)], hasBias, dtype),
        Linear.Read(weights, name + ".to_out.0", width, width, dtype: dtype),
        heads);

    /// <param name="h">[rows, tokens, width].</param>
    /// <param name="text">[rows, text tokens, width of the text].</param>
    /// <param name="bias">[rows, 1, 1, text tokens]: added to scores, or which of the tokens count; null where all do.</param>
    /// <param name="site">Where it attends.</param>
    /// <param name="e">The evaluation; its rows are taken of text and bias.</param>
    /// <param name="residual">Type of the result.</param>
    /// <returns>[rows, tokens, width].</returns>
    public Tensor Apply(Tensor h, Tensor text, Tensor? bias, Site site, Evaluation e, ScalarType residual)
    {
        using var scope = NewDisposeScope();
        using var joined = Joined(h, e.ForRows(text), bias is null ? null : e.ForRows(bias), site, e);
        return Projection.Apply(joined).InType(residual).MoveToOuterDisposeScope();
    }

    private Tensor Joined(Tensor h, Tensor text, Tensor? bias, Site site, Evaluation e)
    {
        using var scope = NewDisposeScope();
        var query = Query.Apply(h);
        var read = KeyValue.Apply(text);
        var mixed = e.Attend(site, new(Models.Heads.Split(query, Heads), Models.Heads.Of(read, 0, 2, Heads), Models.Heads.Of(read, 1, 2, Heads), bias));
        return Models.Heads.Join(mixed).MoveToOuterDisposeScope();
    }
}
