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

    /// <summary>The clean sample that a prediction stands for; when skipping, the prediction that stands for the made one at the fresh latents. At the prediction only.</summary>
    [TagWord("x0")]
    Clean,
}
