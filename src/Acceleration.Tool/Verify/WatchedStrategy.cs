namespace Acceleration.Tool;

/// <summary>A strategy whose store can be looked into while it runs.</summary>
internal sealed record WatchedStrategy(IStrategy Inner) : IStrategy
{
    /// <summary>The store of the last run begun.</summary>
    public RunStore? Store { get; private set; }

    public string Tag => Inner.Tag;

    public Requirements Needs => Inner.Needs;

    public IRun Begin(RunInfo info, RunStore store)
    {
        Store = store;
        return Inner.Begin(info, store);
    }
}
