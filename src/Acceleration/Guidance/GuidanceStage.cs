namespace Acceleration;

/// <summary>
/// Order of what is done to a combined prediction, whatever the order in which strategies were added. Numbers lie between, for what has to come before or after what the library has: <c>(GuidanceStage)150</c> acts
/// on the sum of all terms.
/// </summary>
public enum GuidanceStage
{
    /// <summary>The combiner's prediction is changed as a whole, before anything is added to it: a warm-up of the scale.</summary>
    Combined = 0,

    /// <summary>A term is added, from a branch of its own.</summary>
    Term = 100,

    /// <summary>The sum is brought back to the spread of the condition's: the last that is done.</summary>
    Rescale = 200,
}
