namespace Acceleration;

/// <summary>What noise <see cref="Ddpm"/> draws in a step, between two training steps with added noise β and posterior variance v = (1 − ᾱ')/(1 − ᾱ)·β.</summary>
public enum DdpmVariance
{
    /// <summary>v, right for a clean sample of one point.</summary>
    [TagWord("small")]
    FixedSmall,

    /// <summary>v, as the exponential of its logarithm: the same up to rounding.</summary>
    [TagWord("smalllog")]
    FixedSmallLog,

    /// <summary>β, right for a clean sample of unit normal noise.</summary>
    [TagWord("large")]
    FixedLarge,

    /// <summary>What the network gives as variance.</summary>
    [TagWord("learned")]
    Learned,

    /// <summary>Between v and β, on a logarithmic scale, where the network's −1 is v and 1 is β (Nichol and Dhariwal, 2021).</summary>
    [TagWord("range")]
    LearnedRange,
}
