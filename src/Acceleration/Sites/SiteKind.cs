namespace Acceleration;

/// <summary>What a site is.</summary>
public enum SiteKind
{
    /// <summary>The guided prediction of a step: all branches and their combination. Raised by the sampler.</summary>
    Prediction,

    /// <summary>One call of the whole network, latents in and raw output out. Raised by the sampler.</summary>
    Network,

    /// <summary>A run of blocks of equal shape; its children are the blocks.</summary>
    Chain,

    /// <summary>One block of a chain.</summary>
    Block,

    /// <summary>One nested cut of a UNet: down part, inner cut, up part.</summary>
    Cut,

    /// <summary>Self-attention with its norm and modulation, over space where space and time are apart.</summary>
    SelfAttention,

    /// <summary>Attention to text.</summary>
    CrossAttention,

    /// <summary>Attention over time.</summary>
    TemporalAttention,

    /// <summary>The feed-forward part with its norm and modulation.</summary>
    FeedForward,

    /// <summary>What guidance branches beyond the conditional one bring: <see cref="SiteMap.Correction"/>. Decided on by the sampler.</summary>
    Correction,
}
