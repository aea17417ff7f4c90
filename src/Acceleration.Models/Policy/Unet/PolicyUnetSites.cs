namespace Acceleration.Models;

/// <summary>The cuts of a ConditionalUnet1D, one per skip connection, and what they cost: multiply-adds of its convolutions and linear layers.</summary>
/// <remarks>The skip connection of the longest level is not used by the published class, so that the first cut lies below the second level.</remarks>
internal sealed class PolicyUnetSites
{
    /// <param name="row">Of the condition and its modulation, for one row.</param>
    /// <param name="ends">Outside of all levels, per step.</param>
    /// <param name="local">Of the local condition, per step that is brought.</param>
    /// <param name="down">Of the levels on the way down, per step of their length.</param>
    /// <param name="halves">Of the convolutions between them, per step after them.</param>
    /// <param name="middle">Of the shortest level, per step.</param>
    /// <param name="up">Of the levels on the way up, the shortest first, per step of their length.</param>
    /// <param name="doubles">Of the convolutions after them, per step before them.</param>
    public PolicyUnetSites(double row, double ends, double local, IReadOnlyList<double> down, IReadOnlyList<double> halves, double middle, IReadOnlyList<double> up, IReadOnlyList<double> doubles)
    {
        var levels = down.Count;
        var cuts = new CostModel[Math.Max(0, levels - 1)];
        for (var cut = cuts.Length - 1; cut >= 0; cut--)
        {
            // Raised at level cut + 1; what lies below it is half as long.
            cuts[cut] = cut == cuts.Length - 1
                ? new(0, middle)
                : Inner(cut + 1).OnShare(0.5);
        }

        var whole = new CostModel(row, ends + down[0]) { PerText = local } + (levels == 1 ? new CostModel(0, middle) : Inner(0).OnShare(0.5));
        Map = new(whole);
        Cuts = [.. cuts.Select((c, i) => Map.AddCut($"cut.{i}", c, SiteTraits.ShapePreserving, Math.Pow(0.5, i + 1)))];

        // A level with everything below it: halving, its way down, the cut, its way up, doubling.
        CostModel Inner(int cut) => new CostModel(0, halves[cut] + down[cut + 1]) + cuts[cut] + new CostModel(0, up[levels - 2 - cut] + doubles[levels - 2 - cut]);
    }

    public SiteMap Map { get; }

    /// <summary>The cuts, the outermost first.</summary>
    public IReadOnlyList<Site> Cuts { get; }
}
