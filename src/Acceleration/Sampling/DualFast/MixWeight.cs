namespace Acceleration;

/// <summary>How the weight of <see cref="DualFast"/> goes over the steps.</summary>
public enum MixWeight
{
    /// <summary>From 0 at the first step in proportion to its number up to the given weight at the last.</summary>
    [TagWord("rise")]
    Rising,

    /// <summary>The same at every step that has something to be mixed with.</summary>
    [TagWord("const")]
    Constant,
}
