using System.Collections.Concurrent;

namespace Acceleration.Hosting;

/// <summary>The pools that were made so far.</summary>
internal sealed class PoolsOfApplication
{
    private readonly ConcurrentBag<SamplerPool> _made = [];

    public SamplerPool Add(SamplerPool pool)
    {
        _made.Add(pool);
        return pool;
    }

    /// <summary>Cancels what is left and waits for it to stop, between two blocks.</summary>
    public void End()
    {
        foreach (var pool in _made)
        {
            pool.Dispose();
        }
    }
}
