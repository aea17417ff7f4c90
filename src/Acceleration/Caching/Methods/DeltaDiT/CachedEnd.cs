namespace Acceleration;

/// <summary>Which end of a chain Δ-DiT caches.</summary>
public enum CachedEnd
{
    /// <summary>Rear blocks first, front blocks from the boundary on.</summary>
    Switch,

    /// <summary>Rear blocks throughout.</summary>
    Rear,

    /// <summary>Front blocks throughout.</summary>
    Front,
}
