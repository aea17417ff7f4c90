namespace Acceleration;

/// <summary>What happens to guidance once the unconditional branch is no longer evaluated.</summary>
public enum GuidanceTail
{
    /// <summary>The condition alone, as published.</summary>
    [TagWord("cond")]
    Conditional,

    /// <summary>The last c − u is kept: g = c + (s − 1)·d.</summary>
    [TagWord("hold")]
    HoldDelta,

    /// <summary>c − u continues the polynomial of <see cref="AdaptiveGuidance.Order"/> through its last values over the network's time; of lower order while there are fewer.</summary>
    [TagWord("line")]
    ExtrapolateDelta,
}
