namespace Acceleration;

/// <summary>What a cache remembers of a site.</summary>
public enum Quantity
{
    /// <summary>The output.</summary>
    [TagWord("out")]
    Output,

    /// <summary>Output − input, added to the fresh input when skipping.</summary>
    [TagWord("res")]
    Residual,
}
