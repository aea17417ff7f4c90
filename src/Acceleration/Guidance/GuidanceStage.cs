namespace Acceleration;

/// <summary>Order of what is done to a combined prediction.</summary>
public enum GuidanceStage
{
    /// <summary>A term is added, from a branch of its own.</summary>
    Term,

    /// <summary>The sum is brought back to the spread of the condition's.</summary>
    Rescale,
}
