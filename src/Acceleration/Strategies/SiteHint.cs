namespace Acceleration;

/// <summary>What a selector that finds nothing would have found, written otherwise.</summary>
internal static class SiteHint
{
    private const string Gated = ".gated";
    private static readonly string[] WithGates = [Where.Attention.Tag, Where.TemporalAttention.Tag, Where.FeedForward.Tag];

    /// <summary>A sentence behind a space, or nothing.</summary>
    public static string For(SiteMap sites, Where asked)
    {
        var at = asked.Tag.IndexOf('@', StringComparison.Ordinal);
        if (asked.IsPath || asked.Tag.Contains('~', StringComparison.Ordinal))
        {
            return "";
        }

        var place = at < 0 ? asked.Tag : asked.Tag[..at];
        int?[] numbers = [.. Found(sites, place).Select(s => s.Block).Distinct().Order()];
        if (numbers.Length > 0)
        {
            return numbers[^1] is { } last
                ? $" Blocks of '{place}' have the numbers {numbers.First(n => n is not null)} to {last}."
                : $" Those of '{place}' have no number: {nameof(SiteMap)}.{nameof(SiteMap.AddChain)} and .{nameof(SiteMap.AddBlocks)} number blocks.";
        }

        var isGated = place.EndsWith(Gated, StringComparison.Ordinal);
        var other = isGated ? place[..^Gated.Length] : place + Gated;
        return WithGates.Any(w => w == place || w + Gated == place) && Found(sites, other).Any()
            ? $" It has '{other}', {(isGated ? "before a gate or without one" : "behind the gate alone")}: choose that (Gated = {(isGated ? "false" : "true")})."
            : "";
    }

    private static IEnumerable<Site> Found(SiteMap sites, string tag) => sites.All.Where(Where.Parse(tag).Matches);
}
