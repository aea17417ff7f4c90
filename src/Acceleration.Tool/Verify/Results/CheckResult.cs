namespace Acceleration.Tool;

/// <summary>What came of checking one golden file.</summary>
/// <param name="Path">The file.</param>
/// <param name="Verdict">Whether it holds.</param>
/// <param name="Findings">What was compared, also where something else in the file is not known.</param>
/// <param name="Reason">Why it is unknown or unreadable, or what was left out.</param>
/// <param name="Cause">The error behind the reason.</param>
internal sealed record CheckResult(string Path, Verdict Verdict, IReadOnlyList<Finding> Findings, string? Reason, Exception? Cause)
{
    /// <summary>The comparison closest to its tolerance, or farthest beyond it.</summary>
    public Finding? Worst => Findings.Count == 0 ? null : Findings.MaxBy(f => f.Share);
}
