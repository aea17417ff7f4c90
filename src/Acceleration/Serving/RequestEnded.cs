namespace Acceleration;

/// <summary>A request that ended in a pool.</summary>
public sealed record RequestEnded
{
    /// <summary>Name of the pool.</summary>
    public required string Pool { get; init; }

    /// <summary>What it was sampled with.</summary>
    public required Sampler Sampler { get; init; }

    /// <summary>Who asked, where told.</summary>
    public string? Client { get; init; }

    /// <summary>Its samples.</summary>
    public required int Samples { get; init; }

    /// <summary>How it ended.</summary>
    public required RequestOutcome Outcome { get; init; }

    /// <summary>Time in the queue.</summary>
    public required TimeSpan Waited { get; init; }

    /// <summary>Time of sampling; zero where it never began.</summary>
    public required TimeSpan Ran { get; init; }

    /// <summary>Samples it ran together with at first, its own included; 0 where it never began.</summary>
    public required int BatchSamples { get; init; }

    /// <summary>What it computed and skipped, where it completed.</summary>
    public Trace? Trace { get; init; }

    /// <summary>Why it failed.</summary>
    public Exception? Error { get; init; }
}
