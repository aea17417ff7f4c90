namespace Acceleration.Tests.Caching;

/// <summary>A strategy whose store a test can look into while it runs.</summary>
internal sealed record Watched(IStrategy Inner) : IStrategy
{
    public RunStore? Store { get; private set; }

    public string Tag => Inner.Tag;

    public Requirements Needs => Inner.Needs;

    public IRun Begin(RunInfo info, RunStore store)
    {
        Store = store;
        return Inner.Begin(info, store);
    }
}
