namespace Acceleration.Tool;

/// <summary>Results of <c>verify</c> for machines.</summary>
/// <param name="Schema">Version of this form.</param>
/// <param name="ExitCode">0, 1 or 2.</param>
/// <param name="Files">One entry per file.</param>
internal sealed record VerifyReport(int Schema, int ExitCode, IReadOnlyList<VerifyReport.Entry> Files)
{
    public static VerifyReport Of(IReadOnlyList<CheckResult> results) => new(
        1,
        ExitCodeOf(results),
        [.. results.Select(r => new Entry(r.Path, r.Verdict, r.Reason, Comparison.Of(r.Worst), [.. r.Findings.Select(f => Comparison.Of(f)!)]))]);

    /// <summary>1 if one misses, else 2 unless everything that was given holds.</summary>
    public static int ExitCodeOf(IReadOnlyList<CheckResult> results) =>
        results.Any(r => r.Verdict == Verdict.Misses) ? 1
        : results.Any(r => r.Verdict is Verdict.Unknown or Verdict.Unreadable) || results.All(r => r.Verdict == Verdict.Nothing) ? Terminal.Failed
        : 0;

    /// <param name="File">Its path.</param>
    /// <param name="Verdict">Whether it holds.</param>
    /// <param name="Reason">Why it could not be compared, wholly or in part.</param>
    /// <param name="Worst">The comparison closest to its tolerance or farthest beyond.</param>
    /// <param name="Comparisons">All comparisons.</param>
    internal sealed record Entry(string File, Verdict Verdict, string? Reason, Comparison? Worst, IReadOnlyList<Comparison> Comparisons);

    /// <inheritdoc cref="Finding"/>
    internal sealed record Comparison(string What, string Where, double Error, double Tolerance, bool Holds)
    {
        public static Comparison? Of(Finding? f) => f is null ? null : new(f.What, f.Where, f.Error, f.Tolerance, f.Holds);
    }
}
