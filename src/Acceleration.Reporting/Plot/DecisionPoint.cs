namespace Acceleration.Reporting;

/// <summary>The decision values of one strategy in one step, over samples and sites.</summary>
/// <param name="Value">Median and range of what was compared.</param>
/// <param name="Threshold">What it was compared with; null where the rule has none. The mean where it differs between samples.</param>
/// <param name="Skipped">Share of the decisions that skipped work.</param>
internal sealed record DecisionPoint(Spread Value, double? Threshold, double Skipped)
{
    public static DecisionPoint? Of(StepRecord step, string strategy)
    {
        var own = step.Decisions.Where(d => d.Strategy == strategy && d.Value is not null).ToArray();
        return own.Length == 0
            ? null
            : new(Spread.Of([.. own.Select(d => d.Value!.Value)]), own.Average(d => d.Threshold), own.Count(d => d.Skip) / (double)own.Length);
    }
}
