namespace Acceleration;

/// <summary>
/// Smoothed-energy guidance (SEG; Hong, 2024, arXiv 2408.00760): guidance away from what the network predicts when the queries of some self-attentions are blurred over the token grid. The wider the blur, the
/// flatter the energy of attention; at infinite width every query is the mean of its frame. Image tokens alone are blurred.
/// </summary>
/// <param name="Scale">Scale s₂ in g + s₂·(c − p).</param>
/// <param name="Layers">Self-attentions, for example <c>Where.Attention.OnlyBlocks(7, 8, 9)</c>.</param>
[Entry("smoothedEnergyGuidance", "SEG")]
public sealed record SmoothedEnergyGuidance(double Scale, Where Layers) : PerturbationGuidance(Scale, Layers, 0, 1)
{
    /// <summary>Width σ of the Gaussian in tokens, above 0.</summary>
    [InTag("blur")]
    [Above(0)]
    public double Sigma { get; init => field = Require.Above(0, value); } = 9_999_999;

    /// <summary>Widths above this are infinite.</summary>
    [InTag("inf")]
    [Above(0)]
    public double InfiniteAbove { get; init => field = Require.Above(0, value); } = 9999;

    internal override int OwnBranch => Branch.SmoothedEnergy;

    internal override HookPhase Phase => HookPhase.BranchAttention;

    internal bool IsInfinite => Sigma > InfiniteAbove;

    /// <inheritdoc/>
    public override IRun Begin(RunInfo info, RunStore store) => new SmoothedEnergyRun(this, info.Network);

    internal override string? RefuseSite(Site site) => AttentionSite.Refuse(site);
}
