namespace Acceleration;

/// <summary>How the tokens of one slot become one.</summary>
public enum MergeReduction
{
    /// <summary>Their mean.</summary>
    Mean,

    /// <summary>Their sum.</summary>
    Sum,

    /// <summary>Their largest value, channel by channel.</summary>
    Max,
}
