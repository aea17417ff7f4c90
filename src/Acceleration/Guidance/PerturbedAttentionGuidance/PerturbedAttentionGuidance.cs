namespace Acceleration;

/// <summary>
/// Perturbed-attention guidance (PAG; Ahn et al., 2024, arXiv 2403.17377): guidance away from what the network predicts when every token of some self-attentions sees itself alone, so that their output is V.
/// </summary>
/// <param name="Scale">Scale s₂ in g + s₂·(c − p).</param>
/// <param name="Layers">Self-attentions, for example <c>Where.Attention.OnlyBlocks(7)</c>. The first and last ones matter less than the middle ones.</param>
[Entry("perturbedAttentionGuidance", "PAG")]
public sealed record PerturbedAttentionGuidance(double Scale, Where Layers) : PerturbationGuidance(Scale, Layers, 0.01, 0.2)
{
    internal override int OwnBranch => Branch.PerturbedAttention;

    internal override HookPhase Phase => HookPhase.BranchAttention;

    /// <inheritdoc/>
    public override IRun Begin(RunInfo info, RunStore store) => new PerturbedAttentionRun(this, info.Network);

    internal override string? RefuseSite(Site site) => AttentionSite.Refuse(site);
}
