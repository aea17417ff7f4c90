namespace Acceleration;

/// <summary>
/// The stable name of one row of a batch. Caches and decisions are keyed by it, so a batch may shrink, grow or be split without anything
/// being confused.
/// </summary>
/// <param name="Sample">Index of the sample within the request.</param>
/// <param name="Branch">Guidance branch: see <see cref="Acceleration.Branch"/>.</param>
public readonly record struct RowId(int Sample, int Branch)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Sample}/{Acceleration.Branch.Name(Branch)}";
}
