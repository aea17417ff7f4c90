namespace Acceleration.Hosting;

/// <summary>Bounds of a pool, as configuration has them: see <see cref="SamplerPoolOptions"/> for what each one means.</summary>
public sealed class PoolSettings
{
    private static readonly SamplerPoolOptions Usual = new();

    /// <summary>Batches that run at once, at least 1.</summary>
    public int Workers { get; set; } = Usual.Workers;

    /// <summary>Requests that may wait, at least 1.</summary>
    public int Capacity { get; set; } = Usual.Capacity;

    /// <summary>Samples that may run together, at least 1.</summary>
    public int MaxBatchSamples { get; set; } = Usual.MaxBatchSamples;

    /// <summary>How long a batch with room left waits for more requests, at least zero.</summary>
    public TimeSpan GatherFor { get; set; } = Usual.GatherFor;

    internal SamplerPoolOptions For(string name, IPoolObserver observer) =>
        new() { Name = name, Workers = Workers, Capacity = Capacity, MaxBatchSamples = MaxBatchSamples, GatherFor = GatherFor, Observer = observer };
}
