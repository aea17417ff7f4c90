namespace Acceleration;

/// <summary>
/// Several conditions at once (composable diffusion, Liu et al., 2022, arXiv 2206.01714): g = u + s·(c − u) + Σ wᵢ·(cᵢ − u) with the further conditions of the request (<see cref="SamplingRequest.Others"/>). A negative
/// weight leads away from its condition. Where the unconditional branch is not evaluated, the condition stands alone.
/// </summary>
/// <param name="Scale">Scale s of the request's condition.</param>
/// <param name="Weights">wᵢ for each further condition, in the order of the request; one of 0 is not evaluated.</param>
[Entry("composed", "CC")]
public sealed record ComposedGuidance(double Scale, IReadOnlyList<double> Weights) : IStrategy
{
    /// <summary>Most further conditions.</summary>
    internal const int Most = Branch.FirstFree - Branch.FirstOther;

    /// <summary>Scale s of the request's condition.</summary>
    [InTag]
    public double Scale { get; init => field = Require.Finite(value); } = Require.Finite(Scale, nameof(Scale));

    /// <summary>wᵢ for each further condition.</summary>
    [InTag("and")]
    public IReadOnlyList<double> Weights { get; init => field = Checked(value); } = Checked(Weights);

    /// <inheritdoc/>
    public string Tag => PlanTag.Of(this);

    /// <inheritdoc/>
    public Requirements Needs => new() { CombinesBranches = true, UnconditionalBranch = !IsOff, GuidanceScale = Scale, OtherConditions = Weights.Count };

    /// <summary>Whether only the condition counts, as it is.</summary>
    internal bool IsOff => GuidanceScale.IsOff(Scale) && Weights.All(w => w == 0);

    /// <inheritdoc/>
    public IRun Begin(RunInfo info, RunStore store) => new ComposedRun(this, info.Network.Channels);

    private static IReadOnlyList<double> Checked(IReadOnlyList<double> weights)
    {
        ArgumentNullException.ThrowIfNull(weights, nameof(Weights));
        return weights.Count <= Most
            ? ValueList.Of(weights.Select(w => Require.Finite(w, nameof(Weights))))
            : throw new ArgumentException($"At most {Most} further conditions are combined; got {weights.Count} weights.", nameof(Weights));
    }
}
