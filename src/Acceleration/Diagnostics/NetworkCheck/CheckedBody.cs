namespace Acceleration;

/// <summary>The body of a site, or the blocks of a chain, as checks run them.</summary>
internal readonly record struct CheckedBody(SiteNext? Site, RangeNext? Chain)
{
    public Value Whole(Value h) => Site?.Invoke(h) ?? Chain!.Invoke(h, 0, Chain.Count);

    public Value Rows(Value h, int[] positions) => Site?.InvokeRows(h, positions) ?? Chain!.InvokeRows(h, positions, 0, Chain.Count);

    public Value Skip(Value h) => Site?.Drop(h) ?? Chain!.Invoke(h, 0, 0);
}
