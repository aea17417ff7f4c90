namespace Acceleration;

/// <summary>What strategies remembered at one moment. Dispose it when no roll-back can follow.</summary>
public sealed class StateMark : IDisposable
{
    private readonly (RunStore Store, RunStore Earlier)[] _marks;

    internal StateMark(IReadOnlyList<RunStore> stores, RunStore? except)
    {
        _marks = [.. stores.Where(s => !ReferenceEquals(s, except)).Select(s => (s, s.Clone()))];
    }

    /// <summary>Takes back all that was remembered since, so that a body can be run again as if for the first time.</summary>
    public void RollBack()
    {
        foreach (var (store, earlier) in _marks)
        {
            using var kept = earlier.Clone();
            store.RollBackTo(kept);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var (_, earlier) in _marks)
        {
            earlier.Dispose();
        }
    }
}
