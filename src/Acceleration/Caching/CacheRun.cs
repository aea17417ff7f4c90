namespace Acceleration;

/// <summary>
/// One cached request: asks the decision for each row, computes those that must be or have nothing to be made from, approximates the rest, and puts
/// both together in the batch's order.
/// </summary>
internal class CacheRun(IReadOnlyList<Cached> parts, RunInfo info, RunStore store, string tag) : Run, ISiteHook, IChainHook
{
    private readonly CachedPart[] _parts = [.. parts.Select(p => new CachedPart(p, info, store, tag))];
    private readonly Dictionary<int, CachedPart> _of = [];

    /// <summary>Starts what a method's parts need.</summary>
    public static CacheRun Of(IReadOnlyList<Cached> parts, RunInfo info, RunStore store, string tag) =>
        parts.Any(p => p.Where.IsCorrection) ? new GuidedCacheRun(parts, info, store, tag) : new CacheRun(parts, info, store, tag);

    public Value Invoke(in SiteCall call, Value input, SiteNext next)
    {
        var cached = Of(call.Site);
        cached.ForgetOtherShapes(call, input);
        var seen = new WhenCall(call, input);
        var rows = cached.Decide(seen, "");
        if (rows.Computed.Length == 0)
        {
            return cached.Complete(seen, input, rows, default, "");
        }

        var output = next.InvokeRows(input, rows.Computed);
        cached.When.Observe(seen, call.Rows.At(rows.Computed), rows.Skipped.Length == 0 ? input : call.Rows.Take(input, rows.Computed), output);
        return cached.Complete(seen, input, rows, output, "");
    }

    public Value Invoke(in SiteCall call, Value input, RangeNext next) => ChainCache.Invoke(Of(call.Site), call, input, next);

    public override void StageChanged(in StageInfo stage)
    {
        foreach (var part in _parts)
        {
            part.When.StageChanged(stage);
        }
    }

    public override void Dispose()
    {
        Array.ForEach(_parts, p => p.Dispose());
        base.Dispose();
    }

    /// <inheritdoc/>
    public override string ToString() => tag;

    protected CachedPart Of(Site site)
    {
        if (!_of.TryGetValue(site.Index, out var part))
        {
            _of[site.Index] = part = Array.Find(_parts, p => p.Cached.Where.Matches(site))!;
        }

        return part;
    }
}
