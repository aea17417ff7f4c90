namespace Acceleration;

/// <summary>One decision of a strategy about one sample.</summary>
/// <param name="Strategy">Tag of the strategy.</param>
/// <param name="Site">Path of the site.</param>
/// <param name="Sample">Sample index.</param>
/// <param name="Skip">Whether work was skipped.</param>
/// <param name="Value">The value compared, or NaN where the rule needs none.</param>
/// <param name="Threshold">What it was compared with, or NaN.</param>
/// <param name="Reason">Why, where the value alone does not tell.</param>
public readonly record struct Decision(string Strategy, string Site, int Sample, bool Skip, double Value = double.NaN, double Threshold = double.NaN, string? Reason = null);
