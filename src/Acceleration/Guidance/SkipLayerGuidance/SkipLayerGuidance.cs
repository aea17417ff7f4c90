namespace Acceleration;

/// <summary>
/// Skip-layer guidance (SLG), as Stable Diffusion 3.5 was released with: guidance away from what the network predicts with some layers left out. Whole blocks are skipped where blocks are selected; attention or
/// feed-forward parts add nothing where these are.
/// </summary>
/// <param name="Scale">Scale s₂ in g + s₂·(c − p).</param>
/// <param name="Layers">What is left out, for example <c>Where.Blocks.OnlyBlocks(7, 8, 9)</c>, published for Stable Diffusion 3.5 Medium.</param>
[Entry("skipLayerGuidance", "SLG")]
public sealed record SkipLayerGuidance(double Scale, Where Layers) : PerturbationGuidance(Scale, Layers, 0.01, 0.2)
{
    internal override int OwnBranch => Branch.SkipLayer;

    internal override HookPhase Phase => HookPhase.Branch;

    /// <inheritdoc/>
    public override IRun Begin(RunInfo info, RunStore store) => new SkipLayerRun(this, info.Network);

    internal override string? RefuseSite(Site site) => LayerSkip.Refuse(site);
}

internal sealed class SkipLayerRun(SkipLayerGuidance guidance, DenoiserInfo network) : PerturbationRun(guidance, network), ISiteHook
{
    public Value Invoke(in SiteCall call, Value input, SiteNext next) => LayerSkip.Invoke(call, input, next, Branch.SkipLayer);
}
