namespace Acceleration.Reporting;

/// <summary>Makes rows of measurements.</summary>
internal static class ComparisonRows
{
    public static IReadOnlyList<ComparisonRow> Of(IReadOnlyList<Measurement> measurements, BaselinePace pace, Comparison comparison)
    {
        ComparisonRow[] rows = [.. measurements.Select(m => Row(m, measurements[0], pace, comparison))];
        var curves = rows.ToLookup(r => r.Against, r => r.Kind == RowKind.Control ? r : null);
        return [.. rows.Select(r => r.Kind == RowKind.Variant ? r with { Control = Curve(curves[r.Against]).Compare(r.Judged.Median, r.Psnr) } : r)];

        static ControlCurve Curve(IEnumerable<ComparisonRow?> controls) => new(controls.OfType<ComparisonRow>().Select(c => (c.Judged.Median, c.Psnr, c.Steps)));
    }

    private static ComparisonRow Row(Measurement m, Measurement baseline, BaselinePace pace, Comparison comparison)
    {
        var wanted = comparison.Wanted;
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
            ArithmeticSpeedup = trace.ArithmeticSpeedup(baseline.Trace) * (comparison.CountsEvaluations ? Whole(m) / Whole(baseline) : 1) is var a && double.IsFinite(a) && a > 0 ? a : null,
            PeakCacheBytes = trace.PeakCacheBytes,
            HostReads = trace.HostReads,
            PsnrPerPicture = verdict.Psnr,
            SsimPerPicture = verdict.Ssim,
            Classes = verdict.Classes,
            Accuracy = wanted.Count == 0 ? null : verdict.Classes.Zip(wanted).Count(c => c.First == c.Second) / (double)wanted.Count,
            BrokenPictures = verdict.Broken,
            Reproducible = m.Reproducible,
            Control = null,
            ByArithmetic = comparison.JudgesArithmetic,
            Trace = [.. trace.Steps.Select(StepRecord.Of)],
            Pictures = verdict.Pictures,
        };
    }

    /// <summary>What one evaluation costs, in the network's own units.</summary>
    private static double Whole(Measurement m) =>
        m.Contestant.Sampler.Denoiser.Info is var info ? info.Sites.Network.Cost.MultiplyAdds(info.Layout(info.SampleSize).Tokens) : 0;
}
