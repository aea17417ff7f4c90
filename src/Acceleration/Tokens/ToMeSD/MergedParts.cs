namespace Acceleration;

/// <summary>Parts of a block.</summary>
[Flags]
public enum MergedParts
{
    /// <summary>Self-attention.</summary>
    [TagWord("attn")]
    Attention = 1,

    /// <summary>Attention to text.</summary>
    [TagWord("cross")]
    CrossAttention = 2,

    /// <summary>The feed-forward part.</summary>
    [TagWord("ff")]
    FeedForward = 4,
}
