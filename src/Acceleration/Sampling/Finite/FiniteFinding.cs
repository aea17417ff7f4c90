namespace Acceleration;

/// <summary>Rows that are not finite.</summary>
/// <param name="Source">What was looked at.</param>
/// <param name="Step">When.</param>
/// <param name="Site">Where, or null outside the network.</param>
/// <param name="Rows">Which rows.</param>
/// <param name="Reused">Whether a strategy put them in the network's place.</param>
/// <param name="Strategies">Tags of those that had a part in it.</param>
/// <param name="Type">Number format of the network.</param>
internal sealed record FiniteFinding(FiniteSource Source, StepInfo Step, Site? Site, IReadOnlyList<RowId> Rows, bool Reused, IReadOnlyList<string> Strategies, TorchSharp.torch.ScalarType Type)
{
    public SamplingException ToException() => new(Step, Site, new NonFiniteException(this));

    public override string ToString() => $"{Subject} {(Source is FiniteSource.First or FiniteSource.Update ? "are" : "is")} not finite (NaN or infinity){Part}{Remedy}.";

    private string Samples => $"{(Rows.Count == 1 ? "sample" : "samples")} {string.Join(", ", Rows.Select(r => r.Sample).Distinct())}";

    private string Branches => $"branch {string.Join(" and ", Rows.Select(r => Branch.Name(r.Branch)).Distinct())}";

    private string Subject => Source switch
    {
        FiniteSource.First => $"the first latents of {Samples}, given with the request,",
        FiniteSource.Network when Reused => $"what stands for the network's output of {Samples}, {Branches},",
        FiniteSource.Network => $"the network's output of {Samples}, {Branches},",
        FiniteSource.Guided => $"the guided prediction of {Samples}",
        _ => $"the latents of {Samples} after the update",
    };

    private string Part => (Source, Strategies.Count) switch
    {
        (FiniteSource.First, _) => "",
        (FiniteSource.Network, 0) => "; no strategy had a part in it",
        (_, 0) => "",
        (FiniteSource.Network, _) when !Reused => $", with {Named} at work inside",
        _ => $", made by {Named}",
    };

    private string Remedy =>
        Type == TorchSharp.torch.ScalarType.Float16 ? "; float16 ends at 65504: bfloat16 or float32 may help"
        : Source is FiniteSource.Network or FiniteSource.Guided && Strategies.Count > 0 ? $"; .{nameof(SamplerBuilder.OnNonFinite)}({nameof(NonFinite)}.{nameof(NonFinite.Recompute)}) computes such a step without them"
        : "";

    private string Named => string.Join(", ", Strategies);
}
