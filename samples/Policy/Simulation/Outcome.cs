namespace Acceleration.Policy;

/// <summary>How an episode stands.</summary>
internal enum Outcome
{
    /// <summary>On its way.</summary>
    Running,

    /// <summary>At the goal.</summary>
    Arrived,

    /// <summary>It touched a disc or a wall.</summary>
    Collided,

    /// <summary>Out of time.</summary>
    Late,
}
