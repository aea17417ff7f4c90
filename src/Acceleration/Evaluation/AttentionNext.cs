using static TorchSharp.torch;

namespace Acceleration;

/// <summary>Dense attention, as an attention hook falls back to it.</summary>
public sealed class AttentionNext
{
    private AttentionNext()
    {
    }

    internal static AttentionNext Dense { get; } = new();

    /// <summary>Dense attention in the fastest form measured on this machine. [rows, heads, tokens, head_dim].</summary>
    public Tensor Invoke(in AttentionInput input) =>
        DenseAttention.Compute(input.Query, input.Key, input.Value, input.Bias, input.Causal, input.Scale);
}
