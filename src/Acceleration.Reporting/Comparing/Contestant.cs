namespace Acceleration.Reporting;

/// <summary>A sampler that takes part in a comparison.</summary>
/// <param name="Kind">The part it plays.</param>
/// <param name="Group">Settings of one kind.</param>
/// <param name="Label">What sets it apart within the group.</param>
/// <param name="Sampler">The sampler.</param>
/// <param name="Family">What groups have in common that look alike; null where every group looks like none else.</param>
/// <param name="Reference">The contestant whose pictures its own are compared with; null for the baseline.</param>
internal sealed record Contestant(RowKind Kind, string Group, string Label, Sampler Sampler, string? Family = null, Contestant? Reference = null)
{
    public string Name => Kind == RowKind.Variant ? $"{Group} {Label}" : Label;
}
