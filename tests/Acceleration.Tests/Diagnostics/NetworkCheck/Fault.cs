namespace Acceleration.Tests.Diagnostics;

/// <summary>What a <see cref="FaultyNetwork"/> does wrong.</summary>
public enum Fault
{
    None,

    /// <summary>Reads the time in a body as it was made for the whole call.</summary>
    NoForRows,

    /// <summary>Reads positions in a body as they were made for all tokens.</summary>
    NoForTokens,

    /// <summary>Pools over tokens in a site said to treat them one by one.</summary>
    NotTokenWise,

    /// <summary>A body changes its input in place.</summary>
    ChangesInput,

    /// <summary>The network changes what a body returned in place.</summary>
    ChangesOutput,

    /// <summary>Declares a site and does not raise it.</summary>
    NotRaised,

    /// <summary>Raises a site twice in one call.</summary>
    RaisedTwice,

    /// <summary>What skipping returns has another shape than what the body returns.</summary>
    DropShape,

    /// <summary>Changes the shape and does not say what skipping means.</summary>
    NoDrop,

    /// <summary>A body leaves a live tensor behind.</summary>
    Leak,

    /// <summary>A body adds another number each time.</summary>
    Random,

    /// <summary>A site costs more than the network.</summary>
    Cost,

    /// <summary>A body throws where it has fewer rows.</summary>
    Throws,

    /// <summary>A body says to its own call what the network reads later.</summary>
    SideChannel,

    /// <summary>The network changes its latents in place.</summary>
    ChangesLatents,

    /// <summary>The network's output has another shape.</summary>
    OutputShape,
}
