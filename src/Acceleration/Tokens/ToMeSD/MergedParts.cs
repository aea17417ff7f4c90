namespace Acceleration;

/// <summary>Parts of a block.</summary>
[Flags]
public enum MergedParts
{
    /// <summary>Self-attention.</summary>
    Attention = 1,

    /// <summary>Attention to text.</summary>
    CrossAttention = 2,

    /// <summary>The feed-forward part.</summary>
    FeedForward = 4,
}
