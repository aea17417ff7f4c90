namespace Acceleration.Reporting;

/// <summary>Makes rows of measurements.</summary>
internal static class ComparisonRows
{
    public static IReadOnlyList<ComparisonRow> Of(IReadOnlyList<Measurement> measurements, BaselinePace pace, IReadOnlyList<long> wanted, bool byArithmetic)
    {
        ComparisonRow[] rows = [.. measurements.Select(m => Row(m, measurements[0], pace, wanted) with { ByArithmetic = byArithmetic })];
        var curves = rows.ToLookup(r => r.Against, r => r.Kind == RowKind.Control ? r : null);
        return [.. rows.Select(r => r.Kind == RowKind.Variant ? r with { Control = Curve(curves[r.Against]).Compare(r.Judged.Median, r.Psnr) } : r)];

        static ControlCurve Curve(IEnumerable<ComparisonRow?> controls) => new(controls.OfType<ComparisonRow>().Select(c => (c.Judged.Median, c.Psnr, c.Steps)));
    }

    private static ComparisonRow Row(Measurement m, Measurement baseline, BaselinePace pace, IReadOnlyList<long> wanted)
    {
        var (contestant, trace, verdict) = (m.Contestant, m.Trace, m.Verdict!);
        return new()
        {
            Kind = contestant.Kind,
            Group = contestant.Group,
            Family = contestant.Family,
            Label = contestant.Label,
            Against = contestant.Reference?.Name,
            Tag = contestant.Sampler.Tag,
            Advice = contestant.Sampler.Advice,
            Steps = contestant.Sampler.Steps,
            Seconds = [.. m.Runs.Select(r => r.Ended - r.Begun)],
            Speedups = [.. m.Runs.Select(r => m == baseline ? 1 : pace.During(r.Begun, r.Ended) / (r.Ended - r.Begun))],
            Evaluations = trace.Evaluations,
            MultiplyAdds = trace.MultiplyAdds,
            ArithmeticSpeedup = trace.ArithmeticSpeedup(baseline.Trace) is var a && double.IsFinite(a) && a > 0 ? a : null,
            PeakCacheBytes = trace.PeakCacheBytes,
            HostReads = trace.HostReads,
            PsnrPerPicture = verdict.Psnr,
            SsimPerPicture = verdict.Ssim,
            Classes = verdict.Classes,
            Accuracy = wanted.Count == 0 ? null : verdict.Classes.Zip(wanted).Count(c => c.First == c.Second) / (double)wanted.Count,
            BrokenPictures = verdict.Broken,
            Reproducible = m.Reproducible,
            Control = null,
            Trace = [.. trace.Steps.Select(StepRecord.Of)],
            Pictures = verdict.Pictures,
        };
    }
}
