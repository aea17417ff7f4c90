namespace Acceleration;

/// <summary>A published caching method: a name and parameters for one combination of the three lists, or for several at different sites.</summary>
public abstract record CacheMethod : IStrategy
{
    /// <inheritdoc/>
    public virtual string Tag => PlanTag.Of(this);

    /// <summary>The combinations it stands for: at least one, each at sites of its own.</summary>
    public abstract IReadOnlyList<Cached> Parts { get; }

    /// <inheritdoc/>
    public Requirements Needs => Cached.NeedsOf(Parts);

    /// <inheritdoc/>
    public IRun Begin(RunInfo info, RunStore store) => CacheRun.Of(Parts, info, store, Tag);
}
