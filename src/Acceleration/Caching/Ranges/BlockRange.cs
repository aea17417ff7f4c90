namespace Acceleration;

/// <summary>Adjacent blocks of a chain.</summary>
/// <param name="From">First block.</param>
/// <param name="To">Block after the last, above <paramref name="From"/>.</param>
public readonly record struct BlockRange(int From, int To)
{
    /// <inheritdoc/>
    public override string ToString() => $"{From}..{To}";
}
