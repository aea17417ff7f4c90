namespace Acceleration;

/// <summary>Consecutive positions along one axis of the token grid.</summary>
/// <param name="From">First position.</param>
/// <param name="To">Position after the last.</param>
public readonly record struct Extent(long From, long To)
{
    /// <summary>Number of positions.</summary>
    public long Length => To - From;
}
