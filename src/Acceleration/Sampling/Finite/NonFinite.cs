namespace Acceleration;

/// <summary>What happens when a prediction holds NaN or infinity.</summary>
public enum NonFinite
{
    /// <summary>The request ends with a <see cref="NonFiniteException"/> that names step, branch and strategies.</summary>
    Throw,

    /// <summary>
    /// The prediction is made again by the network alone: strategies forget what they remember and are not asked. Only if that is not finite either, the request ends. On a GPU this
    /// needs one synchronisation for each network call.
    /// </summary>
    Recompute,

    /// <summary>Nobody looks.</summary>
    Ignore,
}
