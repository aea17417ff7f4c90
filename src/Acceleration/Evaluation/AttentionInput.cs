using static TorchSharp.torch;

namespace Acceleration;

/// <summary>One attention, after rotary positions and QK norm.</summary>
/// <param name="Query">[rows, heads, tokens, head_dim].</param>
/// <param name="Key">[rows, heads, key tokens, head_dim].</param>
/// <param name="Value">[rows, heads, key tokens, head_dim].</param>
/// <param name="Bias">Added to the scores (float) or keeping them (bool); broadcastable to [rows, heads, tokens, key tokens]; null for none.</param>
/// <param name="Causal">Whether a token sees only itself and earlier ones.</param>
/// <param name="Scale">Factor on the scores; null for 1/√head_dim.</param>
public readonly record struct AttentionInput(Tensor Query, Tensor Key, Tensor Value, Tensor? Bias = null, bool Causal = false, double? Scale = null)
{
    /// <summary>The attention of some rows. Dimension 0 may be rows × fold; what all rows share stays shared.</summary>
    internal AttentionInput Take(RowSet rows, int[] positions) => this with
    {
        Query = rows.Take(Query, positions),
        Key = rows.Take(Key, positions),
        Value = rows.Take(Value, positions),
        Bias = Bias is { ndim: 4 } bias && bias.size(0) == Query.size(0) ? rows.Take(bias, positions) : Bias,
    };
}
