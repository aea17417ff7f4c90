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

    /// <summary>c − u continues the line through its last two values over the network's time.</summary>
    [TagWord("line")]
    ExtrapolateDelta,
}
