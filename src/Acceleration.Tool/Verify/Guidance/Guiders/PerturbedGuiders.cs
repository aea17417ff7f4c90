namespace Acceleration.Tool;

/// <summary>
/// Guiders with a branch for which the network is weakened. Which layers are left out, and how, shows in the recorded predictions alone: here they stand for one block of a network that is never asked.
/// </summary>
internal static class PerturbedGuiders
{
    private static readonly Where Layer = Where.Blocks;
    private static readonly Where Attention = Where.Attention;

    public static IReadOnlyList<StoredGuider> All { get; } =
    [
        new("SkipLayerGuidance", s => Third(s, "skip_layer_guidance", "skip_layer_config", (0.01, 0.2), scale => new SkipLayerGuidance(scale, Layer))),
        new("PerturbedAttentionGuidance", s => Third(s, "perturbed_guidance", "perturbed_guidance_config", (0.01, 0.2), scale => new PerturbedAttentionGuidance(scale, Attention))),
        new("SmoothedEnergyGuidance", s => Third(s, "seg_guidance", "seg_guidance_config", (0, 1), scale => new SmoothedEnergyGuidance(scale, Attention)
        {
            Sigma = s.Config.Get("seg_blur_sigma", 9_999_999.0),
            InfiniteAbove = s.Config.Get("seg_blur_threshold_inf", 9999.0),
        })),
        new("AutoGuidance", Auto),
    ];

    /// <summary>A network with one block and its attention, neither of which is ever raised.</summary>
    public static SiteMap Sites()
    {
        var sites = new SiteMap();
        sites.AddChain("blocks", 1, default);
        sites.Add(SiteKind.SelfAttention, "blocks.0.attention", SiteTraits.ShapePreserving, default);
        return sites;
    }

    private static StoredGuidance Third(GuiderSettings s, string keys, string config, (double Start, double Stop) usual, Func<double, PerturbationGuidance> of)
    {
        s.Config.Ignore($"{keys}_layers", config, "skip_layer_config", "skip_layer_guidance_layers");
        var third = of(s.Config.Get($"{keys}_scale", 2.8)) with
        {
            Start = s.Config.Get($"{keys}_start", usual.Start),
            Stop = s.Config.Get($"{keys}_stop", usual.Stop),
            Original = s.Base == GuidanceBase.Conditional,
        };
        var branch = third.Needs.OwnBranches[0];
        IStrategy[] all = [new ClassifierFreeGuidance(s.Scale("guidance_scale", 7.5)) { Base = s.Base }, third, .. s.Interval(), .. GuiderSettings.Rescaled(s.Rescale)];
        return new(s.IsEnabled ? all : [])
        {
            Recorded = new Dictionary<int, string> { [Branch.Unconditional] = "input.uncond", [branch] = "input.skip" },
            Active = new Dictionary<string, Func<int, IReadOnlySet<int>, bool>> { ["cfg"] = StoredGuidance.IsGuided, ["skip"] = (_, evaluated) => evaluated.Contains(branch) },
            IsElementwise = s.Rescale == 0,
        };
    }

    private static StoredGuidance Auto(GuiderSettings s)
    {
        s.Config.Ignore("auto_guidance_layers", "auto_guidance_config", "dropout");
        IStrategy[] all =
        [
            new AutoGuidance(s.Scale("guidance_scale", 7.5), Layer) { Base = s.Base, Start = s.Config.Get("start", 0.0), Stop = s.Config.Get("stop", 1.0) },
            .. GuiderSettings.Rescaled(s.Rescale),
        ];
        return new(s.IsEnabled ? all : [])
        {
            Recorded = new Dictionary<int, string> { [Branch.Weak] = "input.uncond" },
            Active = new Dictionary<string, Func<int, IReadOnlySet<int>, bool>> { ["autoguidance"] = (_, evaluated) => evaluated.Contains(Branch.Weak) },
            IsElementwise = s.Rescale == 0,
        };
    }
}
