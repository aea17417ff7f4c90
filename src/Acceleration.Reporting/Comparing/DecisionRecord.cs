namespace Acceleration.Reporting;

/// <summary>One decision of a strategy about one sample.</summary>
/// <param name="Strategy">Tag of the strategy.</param>
/// <param name="Site">Path of the site.</param>
/// <param name="Sample">Sample index.</param>
/// <param name="Skip">Whether work was skipped.</param>
/// <param name="Value">The value compared, or null where the rule needs none.</param>
/// <param name="Threshold">What it was compared with, or null.</param>
/// <param name="Reason">Why, where the value alone does not tell.</param>
public sealed record DecisionRecord(string Strategy, string Site, int Sample, bool Skip, double? Value, double? Threshold, string? Reason = null)
{
    internal static DecisionRecord Of(Decision d) => new(d.Strategy, d.Site, d.Sample, d.Skip, Finite(d.Value), Finite(d.Threshold), d.Reason);

    private static double? Finite(double x) => double.IsFinite(x) ? x : null;
}
