namespace Acceleration;

/// <summary>
/// Which keys each query sees, as parts whose sets of keys are disjoint for every query; <see cref="GroupedAttention"/> runs any of them. The first part holds every query.
/// Make it a record: what was measured for a pattern is kept by its value.
/// </summary>
public interface IAttentionPattern
{
    /// <summary>The parts on a grid.</summary>
    IReadOnlyList<IReadOnlyList<KeyStrip>> Parts(TokenGrid grid);
}
