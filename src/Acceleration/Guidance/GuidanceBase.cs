namespace Acceleration;

/// <summary>Where a guided prediction starts from. With a plain difference both sums are the same up to rounding; they differ where the difference is changed on the way (projection, clipping).</summary>
public enum GuidanceBase
{
    /// <summary>u + s·(c − u), as most libraries write it.</summary>
    [TagWord("uncond")]
    Unconditional,

    /// <summary>c + (s − 1)·(c − u): the original paper's form, whose scale w is s − 1.</summary>
    [TagWord("cond")]
    Conditional,
}
