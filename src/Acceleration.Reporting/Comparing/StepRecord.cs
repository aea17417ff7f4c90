namespace Acceleration.Reporting;

/// <summary>What one step computed and skipped.</summary>
public sealed record StepRecord
{
    /// <summary>Stage index, 0 for plain sampling.</summary>
    public required int Stage { get; init; }

    /// <summary>Step within the stage, 0 is the noisiest.</summary>
    public required int Index { get; init; }

    /// <summary>The time the network was given.</summary>
    public required double Time { get; init; }

    /// <summary>Seconds of this step in the last sweep.</summary>
    public required double Seconds { get; init; }

    /// <summary>Rows (sample × guidance branch) of the step with nothing skipped.</summary>
    public required int Rows { get; init; }

    /// <summary>Rows on which the network was run, wholly or in part.</summary>
    public required int ComputedRows { get; init; }

    /// <summary>Multiply-adds executed.</summary>
    public required double MultiplyAdds { get; init; }

    /// <summary>Multiply-adds with nothing skipped; 0 where the network states no cost.</summary>
    public required double FullMultiplyAdds { get; init; }

    /// <summary>Bytes that strategies held at the end of the step.</summary>
    public required long CacheBytes { get; init; }

    /// <summary>Decisions, in the order in which they were taken.</summary>
    public required IReadOnlyList<DecisionRecord> Decisions { get; init; }

    /// <summary>Share of the step's work that was done, 0..1 (above 1 where work was done twice): of multiply-adds, or of rows where the network states no cost.</summary>
    public double ComputedShare => FullMultiplyAdds > 0 ? Math.Max(0, MultiplyAdds / FullMultiplyAdds) : Rows > 0 ? (double)ComputedRows / Rows : 0;

    internal static StepRecord Of(StepTrace step) => new()
    {
        Stage = step.Step.Stage,
        Index = step.Step.Index,
        Time = step.Step.At.Time,
        Seconds = step.Seconds,
        Rows = step.Rows,
        ComputedRows = step.ComputedRows,
        MultiplyAdds = step.MultiplyAdds,
        FullMultiplyAdds = step.FullMultiplyAdds,
        CacheBytes = step.CacheBytes,
        Decisions = [.. step.Decisions.Select(DecisionRecord.Of)],
    };
}
