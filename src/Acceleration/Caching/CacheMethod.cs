namespace Acceleration;

/// <summary>A published caching method: a name and parameters for one combination of the three lists.</summary>
public abstract record CacheMethod : IStrategy
{
    /// <inheritdoc/>
    public virtual string Tag => PlanTag.Of(this);

    /// <summary>The combination it stands for.</summary>
    public abstract Cached Parts { get; }

    /// <inheritdoc/>
    public Requirements Needs => Parts.Needs;

    /// <inheritdoc/>
    public IRun Begin(RunInfo info, RunStore store) => Parts.Begin(info, store, Tag);
}
