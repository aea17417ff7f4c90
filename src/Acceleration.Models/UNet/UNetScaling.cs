namespace Acceleration.Models;

/// <summary>A change of the resolution.</summary>
internal enum UNetScaling
{
    /// <summary>None.</summary>
    None,

    /// <summary>Both sides are halved.</summary>
    Halved,

    /// <summary>Both sides are doubled.</summary>
    Doubled,
}
