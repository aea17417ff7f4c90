namespace Acceleration;

/// <summary>What one step computed and skipped.</summary>
public sealed class StepTrace
{
    private readonly List<Decision> _decisions = [];

    /// <summary>Stage and step, and the time given to the network.</summary>
    public required StepInfo Step { get; init; }

    /// <summary>Rows (sample × branch) this step would evaluate with nothing skipped: all branches of plain guidance.</summary>
    public int Rows { get; internal set; }

    /// <summary>Rows on which the network was run, wholly or in part.</summary>
    public int ComputedRows { get; internal set; }

    /// <summary>Multiply-adds executed.</summary>
    public double MultiplyAdds { get; internal set; }

    /// <summary>Multiply-adds of <see cref="Rows"/> full evaluations.</summary>
    public double FullMultiplyAdds { get; internal set; }

    /// <summary>Seconds this step took.</summary>
    public double Seconds { get; internal set; }

    /// <summary>Values read back from the device.</summary>
    public int HostReads { get; internal set; }

    /// <summary>Bytes that strategies held at the end of the step.</summary>
    public long CacheBytes { get; internal set; }

    /// <summary>What was not finite, so that the step was computed again by the network alone (<see cref="NonFinite.Recompute"/>); null for nothing.</summary>
    public string? Recomputed { get; internal set; }

    /// <summary>Most bytes that they held at any moment of it.</summary>
    public long PeakCacheBytes { get; internal set; }

    /// <summary>Bytes given back, or not remembered, because <see cref="SamplerBuilder.CacheBudget"/> had no room for them.</summary>
    public long CacheBytesGivenBack { get; internal set; }

    /// <summary><see cref="CacheBytes"/> by strategy, in the order of the sampler's; those that hold nothing are left out.</summary>
    public IReadOnlyList<CacheShare> CacheBytesOf { get; internal set; } = [];

    /// <summary>Decisions taken, in order.</summary>
    public IReadOnlyList<Decision> Decisions => _decisions;

    internal void Add(Decision decision) => _decisions.Add(decision);
}
