using System.Globalization;

namespace Acceleration;

/// <summary>A strategy that was asked for and did nothing: without a word, its pictures would look like a success.</summary>
/// <param name="Strategy">Its tag.</param>
/// <param name="Reason">Why, as a sentence without its full stop; null where it gave no reason.</param>
public sealed record IdleStrategy(string Strategy, string? Reason)
{
    /// <summary>Those that never acted in any of some requests of one sampler: what was known when the sampler was built, and strategies all of whose decisions were to compute.</summary>
    /// <param name="traces">What the requests did; of requests that are over, because a strategy may act in a later step.</param>
    public static IReadOnlyList<IdleStrategy> Of(params IEnumerable<Trace> traces)
    {
        Trace[] all = [.. traces];
        var acted = all.SelectMany(Decisions).Where(d => d.Skip).Select(d => d.Strategy).ToHashSet();
        var known = all.SelectMany(t => t.NeverActing).DistinctBy(i => i.Strategy).ToArray();
        return
        [
            .. known.Where(i => !acted.Contains(i.Strategy)),
            .. all.SelectMany(Decisions).Where(d => !acted.Contains(d.Strategy) && !Array.Exists(known, i => i.Strategy == d.Strategy)).GroupBy(d => d.Strategy).Select(by => new IdleStrategy(by.Key, Reasons(by))),
        ];
    }

    /// <summary>One line: <c>TM0.5 never acted: the network states no layout.</c></summary>
    public override string ToString() => $"{Strategy} never acted{(Reason is null ? "" : $": {Reason}")}.";

    private static IEnumerable<Decision> Decisions(Trace trace) => trace.Steps.SelectMany(s => s.Decisions);

    private static string? Reasons(IEnumerable<Decision> decisions)
    {
        string[] reasons = [.. decisions.Where(d => d.Reason is not null).Select(Worded).Distinct()];
        return reasons.Length == 0 ? null : string.Join("; ", reasons);
    }

    private static string Worded(Decision d) =>
        double.IsNaN(d.Threshold) ? d.Reason! : string.Create(CultureInfo.InvariantCulture, $"{d.Reason} ({d.Value:0.###} against {d.Threshold:0.###})");
}
