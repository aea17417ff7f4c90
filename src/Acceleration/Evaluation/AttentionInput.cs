using static TorchSharp.torch;

namespace Acceleration;

/// <summary>One attention, after rotary positions and QK norm.</summary>
/// <param name="Query">[rows, heads, tokens, head_dim].</param>
/// <param name="Key">[rows, heads, key tokens, head_dim].</param>
/// <param name="Value">[rows, heads, key tokens, head_dim].</param>
/// <param name="Bias">Added to the scores (float) or keeping them (bool); broadcastable to [rows, heads, tokens, key tokens]; null for none.</param>
/// <param name="Causal">Whether a token sees only itself and earlier ones.</param>
/// <param name="Scale">Factor on the scores; null for 1/√head_dim.</param>
public readonly record struct AttentionInput(Tensor Query, Tensor Key, Tensor Value, Tensor? Bias = null, bool Causal = false, double? Scale = null);
