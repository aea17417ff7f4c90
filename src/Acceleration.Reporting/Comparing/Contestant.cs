namespace Acceleration.Reporting;

/// <summary>A sampler that takes part in a comparison.</summary>
internal sealed record Contestant(RowKind Kind, string Group, string Label, Sampler Sampler);
