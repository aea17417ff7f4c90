namespace Acceleration;

/// <summary>What one step computed and skipped.</summary>
public sealed class StepTrace
{
    // A decision, and all samples it holds for where those are more than its own: networks have hundreds of sites, and most decide alike for all samples.
    private readonly List<(Decision Of, int[]? Samples)> _decisions = [];
    private Decision[]? _single;
    private SampleCost[] _costs = [];

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
    public IReadOnlyList<Decision> Decisions => _single ??= [.. _decisions.SelectMany(d => d.Samples is null ? [d.Of] : d.Samples.Select(s => d.Of with { Sample = s }))];

    internal void Add(Decision decision) => Add(decision, null);

    /// <summary>Adds a decision that holds for several samples.</summary>
    internal void Add(Decision decision, int[]? samples)
    {
        _decisions.Add((decision, samples));
        _single = null;
    }

    /// <summary>Counts multiply-adds that were spent on these rows, in equal parts; below 0 for some that were saved.</summary>
    internal void Count(RowSet rows, double multiplyAdds)
    {
        MultiplyAdds += multiplyAdds;
        for (var i = 0; i < rows.Count; i++)
        {
            CostOf(rows[i].Sample).MultiplyAdds += multiplyAdds / rows.Count;
        }
    }

    /// <summary>Counts rows on which the network was run.</summary>
    internal void CountComputed(RowSet rows)
    {
        ComputedRows += rows.Count;
        for (var i = 0; i < rows.Count; i++)
        {
            CostOf(rows[i].Sample).Rows++;
        }
    }

    /// <summary>
    /// What this step was for some of its samples, which become samples 0, 1, ...: their rows, multiply-adds and decisions, and their even share of the caches. Seconds and reads were the whole batch's.
    /// </summary>
    /// <param name="first">The first of the samples.</param>
    /// <param name="count">How many.</param>
    /// <param name="samples">Samples of the batch.</param>
    internal StepTrace Part(int first, int count, int samples)
    {
        var costs = Enumerable.Range(first, count).Select(s => CostOf(s)).ToArray();
        var part = new StepTrace
        {
            Step = Step,
            Rows = Rows * count / samples,
            ComputedRows = costs.Sum(c => c.Rows),
            MultiplyAdds = costs.Sum(c => c.MultiplyAdds),
            FullMultiplyAdds = FullMultiplyAdds * count / samples,
            Seconds = Seconds,
            HostReads = HostReads,
            CacheBytes = CacheBytes * count / samples,
            PeakCacheBytes = PeakCacheBytes * count / samples,
            CacheBytesGivenBack = CacheBytesGivenBack * count / samples,
            CacheBytesOf = [.. CacheBytesOf.Select(s => s with { Bytes = s.Bytes * count / samples })],
            Recomputed = Recomputed,
            _costs = costs,
        };
        foreach (var d in Decisions.Where(d => d.Sample >= first && d.Sample < first + count))
        {
            part.Add(d with { Sample = d.Sample - first });
        }

        return part;
    }

    private ref SampleCost CostOf(int sample)
    {
        if (sample >= _costs.Length)
        {
            Array.Resize(ref _costs, sample + 1);
        }

        return ref _costs[sample];
    }

    private record struct SampleCost(int Rows, double MultiplyAdds);
}
