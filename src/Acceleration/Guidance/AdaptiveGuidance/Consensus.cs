namespace Acceleration;

/// <summary>Whether the samples of a batch decide one by one.</summary>
public enum Consensus
{
    /// <summary>Each sample for itself: a batch equals its single runs.</summary>
    [TagWord("each")]
    PerSample,

    /// <summary>All together, in the first step in which every one of them qualifies.</summary>
    [TagWord("min")]
    BatchMin,
}
