namespace Acceleration;

/// <summary>What stands for the unconditional branch in the tail of <see cref="LinearAG"/>, where it is never evaluated.</summary>
public enum LinearTail
{
    /// <summary>Nothing: the tail is the condition's alone.</summary>
    [TagWord("cond")]
    Conditional,

    /// <summary>An estimate in every step.</summary>
    [TagWord("est")]
    Estimated,
}
