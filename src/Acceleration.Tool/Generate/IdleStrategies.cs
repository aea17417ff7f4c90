using System.Globalization;

namespace Acceleration.Tool;

/// <summary>Strategies that were asked for and did nothing: without a word, their pictures would look like a success.</summary>
internal static class IdleStrategies
{
    /// <summary>A line for each strategy all of whose decisions were to compute.</summary>
    public static IReadOnlyList<string> Of(IEnumerable<Trace> traces) =>
        [.. traces.SelectMany(t => t.Steps).SelectMany(s => s.Decisions).GroupBy(d => d.Strategy).Where(by => !by.Any(d => d.Skip)).Select(by => $"{by.Key} skipped nothing{Reasons(by)}.")];

    private static string Reasons(IEnumerable<Decision> decisions)
    {
        string[] reasons = [.. decisions.Where(d => d.Reason is not null).Select(Reason).Distinct()];
        return reasons.Length == 0 ? "" : ": " + string.Join("; ", reasons);
    }

    private static string Reason(Decision d) =>
        double.IsNaN(d.Threshold) ? d.Reason! : string.Create(CultureInfo.InvariantCulture, $"{d.Reason} ({d.Value:0.###} against {d.Threshold:0.###})");
}
