namespace Acceleration.Tool;

/// <summary>A site, or the sites of one kind in all blocks.</summary>
/// <param name="Path">Its path; block numbers that differ are *.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Count">How many.</param>
/// <param name="MultiplyAdds">Multiply-adds of one row of one of them, at the size the network was trained for and with a text of usual length.</param>
/// <param name="Share">Part of the network's work that all of them do, 0..1.</param>
internal sealed record SiteLine(string Path, string Kind, int Count, double MultiplyAdds, double Share)
{
    public static IReadOnlyList<SiteLine> Of(DenoiserInfo info)
    {
        var (layout, text, sites) = (info.Layout(info.SampleSize), info.TextTokens(), info.Sites);
        double Cost(Site site) => site.Cost.MultiplyAdds((long)(layout.Tokens * site.Share), text, layout.Frames);
        var whole = Cost(sites.Network);

        // The sampler's own site holds what guidance makes of network calls: its cost is theirs.
        return [.. sites.All.Where(s => s != sites.Prediction).Select(s => new SiteLine(s.Path, s.Kind.ToString(), 1, Cost(s), whole == 0 ? 0 : Cost(s) / whole))];
    }

    /// <summary>Tokens of a sample of the size that the network was trained for.</summary>
    public static long Tokens(DenoiserInfo info)
    {
        var layout = info.Layout(info.SampleSize);
        return (long)layout.Frames * layout.Height * layout.Width;
    }

    /// <summary>Joins the sites that all blocks have.</summary>
    public static IEnumerable<SiteLine> Grouped(IEnumerable<SiteLine> sites) =>
        sites.GroupBy(s => (Path: string.Join('.', s.Path.Split('.').Select(p => p.All(char.IsAsciiDigit) ? "*" : p)), s.MultiplyAdds))
            .Select(g => g.First() with { Path = g.Count() == 1 ? g.First().Path : g.Key.Path, Count = g.Count(), Share = g.Sum(s => s.Share) });
}
