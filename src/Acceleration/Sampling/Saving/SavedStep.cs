namespace Acceleration;

/// <summary>The trace of a step.</summary>
internal sealed record SavedStep
{
    public required int Stage { get; init; }

    public required int Index { get; init; }

    public required int Rows { get; init; }

    public required int ComputedRows { get; init; }

    public required double MultiplyAdds { get; init; }

    public required double FullMultiplyAdds { get; init; }

    public required double Seconds { get; init; }

    public required int HostReads { get; init; }

    public required long CacheBytes { get; init; }

    public required long PeakCacheBytes { get; init; }

    public required long CacheBytesGivenBack { get; init; }

    public required CacheShare[] CacheBytesOf { get; init; }

    public required string? Recomputed { get; init; }

    public required Decision[] Decisions { get; init; }

    public static SavedStep Of(StepTrace step) => new()
    {
        Stage = step.Step.Stage,
        Index = step.Step.Index,
        Rows = step.Rows,
        ComputedRows = step.ComputedRows,
        MultiplyAdds = step.MultiplyAdds,
        FullMultiplyAdds = step.FullMultiplyAdds,
        Seconds = step.Seconds,
        HostReads = step.HostReads,
        CacheBytes = step.CacheBytes,
        PeakCacheBytes = step.PeakCacheBytes,
        CacheBytesGivenBack = step.CacheBytesGivenBack,
        CacheBytesOf = [.. step.CacheBytesOf],
        Recomputed = step.Recomputed,
        Decisions = [.. step.Decisions],
    };

    public StepTrace On(IReadOnlyList<Schedule> stages)
    {
        var trace = new StepTrace
        {
            Step = StepInfo.Of(stages, Stage, Index, 0, stages[Stage].Points[Index]),
            Rows = Rows,
            ComputedRows = ComputedRows,
            MultiplyAdds = MultiplyAdds,
            FullMultiplyAdds = FullMultiplyAdds,
            Seconds = Seconds,
            HostReads = HostReads,
            CacheBytes = CacheBytes,
            PeakCacheBytes = PeakCacheBytes,
            CacheBytesGivenBack = CacheBytesGivenBack,
            CacheBytesOf = CacheBytesOf,
            Recomputed = Recomputed,
        };
        Array.ForEach(Decisions, trace.Add);
        return trace;
    }
}
