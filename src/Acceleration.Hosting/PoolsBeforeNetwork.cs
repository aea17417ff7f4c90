namespace Acceleration.Hosting;

/// <summary>
/// Ends all pools before a network goes. A container disposes in reverse order of creation, and a pool may be older than a network that is loaded when first asked for: each sampler therefore makes one of these right after
/// its network. An application that ends in order has nothing left to end here.
/// </summary>
internal sealed class PoolsBeforeNetwork(PoolsOfApplication pools) : IDisposable
{
    public void Dispose() => pools.End();
}
