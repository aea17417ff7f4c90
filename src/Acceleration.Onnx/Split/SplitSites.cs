namespace Acceleration.Onnx;

/// <summary>The sites of a split model, with what each costs.</summary>
internal sealed class SplitSites
{
    /// <param name="manifest">Its parts.</param>
    public SplitSites(SplitManifest manifest)
    {
        Map = new(Sum(manifest.Parts));
        if (manifest.Chain is { } chain)
        {
            Chain = Map.AddChain("blocks", [.. chain.Blocks.Select(b => Sum(b.Branches.Select(p => p.Part)))]);
            Branches = [.. chain.Blocks.Select((b, i) => b.Branches.Count < 2 ? [] : Parts(Chain.Blocks[i], b))];
        }

        for (var k = 0; k < manifest.Cuts.Count; k++)
        {
            var inside = manifest.Cuts.Skip(k).SelectMany(c => new[] { c.Down, c.Up }).OfType<SplitPart>();
            Cuts.Add(Map.AddCut($"cut.{k}", Sum(inside), manifest.Cuts[k].KeepsSize ? SiteTraits.ShapePreserving : SiteTraits.None));
        }

        static CostModel Sum(IEnumerable<SplitPart> parts) => parts.Select(p => p.Cost).Aggregate((a, b) => a + b);

        // Where there is a gate it is inside, and nothing lies before it that could be chosen instead: these are the branches.
        Site[] Parts(Site block, SplitBlock of)
        {
            var names = new Dictionary<SiteKind, int>();
            return [.. of.Branches.Select(b =>
            {
                var count = names[b.Kind] = names.GetValueOrDefault(b.Kind) + 1;
                var name = b.Kind switch { SiteKind.FeedForward => "ff", SiteKind.CrossAttention => "cross", _ => "attention" };
                return Map.Add(b.Kind, $"{block.Path}.{name}{(count > 1 ? $"{count}" : "")}", SiteTraits.ShapePreserving | SiteTraits.Opaque, b.Part.Cost);
            })];
        }
    }

    public SiteMap Map { get; }

    public Site? Chain { get; }

    /// <summary>Of each block its branches; none where it has one alone, which the block itself is.</summary>
    public IReadOnlyList<Site[]> Branches { get; } = [];

    public List<Site> Cuts { get; } = [];

    /// <summary>Whether no strategy works within the model.</summary>
    public bool AreFree(Evaluation evaluation) => !Map.All.Any(s => s.Kind is not (SiteKind.Network or SiteKind.Prediction) && evaluation.IsHooked(s));
}
