namespace Acceleration.Onnx;

/// <summary>Pieces of a UNet between the cuts at which strategies work, each as one graph.</summary>
internal static class CutFusion
{
    /// <summary>A cut and all within.</summary>
    public static FusedGraph Through(PartGraphs graphs, IReadOnlyList<SplitCut> cuts, int cut) => graphs.Fused($"cut-{cut}", models =>
    {
        var fusion = new Fusion();
        return (fusion.Finish(Append(fusion, models, cuts, cut, Given(fusion, models.Of(cuts[cut].Down ?? cuts[cut].Up), 0))), g => new(g, fusion.Asked));
    });

    /// <summary>From what a cut is given down to what an inner one is given. It makes what each cut on the way is given, the outer first.</summary>
    public static FusedGraph Down(PartGraphs graphs, IReadOnlyList<SplitCut> cuts, int outer, int inner) => graphs.Fused($"down-{outer}-{inner}", models =>
    {
        var fusion = new Fusion();
        var skips = new List<Named> { Given(fusion, models.Of(cuts[outer].Down!), 0) };
        for (var k = outer; k < inner; k++)
        {
            skips.Add(fusion.Append(models.Of(cuts[k].Down!), skips[^1])[0]);
        }

        return (fusion.Finish(skips.Skip(1)), g => new(g, fusion.Asked));
    });

    /// <summary>From what a cut made up to what an outer one makes, or with null to the prediction. It is given that and what each cut on the way was given, the inner first.</summary>
    public static FusedGraph Up(PartGraphs graphs, SplitManifest manifest, int inner, int? outer) => graphs.Fused($"up-{inner}-{(outer is { } o ? $"{o}" : "out")}", models =>
    {
        var fusion = new Fusion();
        var cuts = Enumerable.Range(outer ?? 0, inner - (outer ?? 0)).Reverse().Select(k => manifest.Cuts[k].Up);
        PartModel[] parts = [.. (outer is null ? cuts.Append(manifest.Tail) : cuts).Select(models.Of)];
        var made = Given(fusion, parts[0], 0);
        Named[] skips = [.. parts.Select(p => Given(fusion, p, 1))];
        for (var i = 0; i < parts.Length; i++)
        {
            made = fusion.Append(parts[i], made, skips[i])[0];
        }

        return (fusion.Finish(made), g => new(g, fusion.Asked));
    });

    /// <summary>The whole model.</summary>
    public static FusedGraph Whole(PartGraphs graphs, SplitManifest manifest) => graphs.Fused("whole", models =>
    {
        var fusion = new Fusion();
        fusion.Begin(models.Of(manifest.Prelude));
        var skip = fusion.Told(manifest.Cuts[0].Skip);
        return (fusion.Finish(fusion.Append(models.Of(manifest.Tail), Append(fusion, models, manifest.Cuts, 0, skip), skip)), g => new(g, fusion.Asked));
    });

    private static Named Given(Fusion fusion, PartModel part, int input)
    {
        var like = part.Model.Graph.Input[input];
        return fusion.Input(new(like.Name, like));
    }

    /// <summary>All of a cut: down to the innermost and up again.</summary>
    private static Named Append(Fusion fusion, PartModels models, IReadOnlyList<SplitCut> cuts, int cut, Named skip)
    {
        var skips = new List<Named> { skip };
        for (var k = cut; k < cuts.Count - 1; k++)
        {
            skips.Add(fusion.Append(models.Of(cuts[k].Down!), skips[^1])[0]);
        }

        var made = fusion.Append(models.Of(cuts[^1].Up), skips[^1])[0];
        for (var k = cuts.Count - 2; k >= cut; k--)
        {
            made = fusion.Append(models.Of(cuts[k].Up), made, skips[k - cut + 1])[0];
        }

        return made;
    }
}
