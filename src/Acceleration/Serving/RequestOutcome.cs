namespace Acceleration;

/// <summary>How a request ended.</summary>
public enum RequestOutcome
{
    /// <summary>With a result.</summary>
    Completed,

    /// <summary>With an exception.</summary>
    Failed,

    /// <summary>Cancelled by its caller, or by a pool that was stopped.</summary>
    Cancelled,
}
