namespace Acceleration;

/// <summary>Bounds of a <see cref="SamplerPool"/>.</summary>
public sealed record SamplerPoolOptions
{
    /// <summary>Name in metrics and logs.</summary>
    public string Name { get; init; } = "default";

    /// <summary>
    /// Batches that run at once, at least 1. One is right for one device: libtorch spreads an operator over all cores, and two threads that compute give no more than one batch twice as large. More pay
    /// where networks lie on several devices.
    /// </summary>
    public int Workers { get; init => field = Require.AtLeast(1, value); } = 1;

    /// <summary>Requests that may wait, at least 1. A full queue holds further callers up.</summary>
    public int Capacity { get; init => field = Require.AtLeast(1, value); } = 64;

    /// <summary>Samples that may run together, at least 1; 1 batches nothing. A request of more samples runs by itself. Guidance doubles the rows that the network sees.</summary>
    public int MaxBatchSamples { get; init => field = Require.AtLeast(1, value); } = 8;

    /// <summary>
    /// How long a batch with room left waits for more requests while nothing else does, at least zero. Zero batches what is there already: under load batches fill by themselves.
    /// </summary>
    public TimeSpan GatherFor
    {
        get;
        init => field = value >= TimeSpan.Zero && value.TotalMilliseconds <= int.MaxValue
            ? value
            : throw new ArgumentOutOfRangeException(nameof(GatherFor), value, "Must be at least zero and at most 24 days.");
    }

    /// <summary>Told what happens; null for nobody.</summary>
    public IPoolObserver? Observer { get; init; }
}
