namespace Acceleration;

/// <summary>Which runs work at which site: arrays by site index, made once per request.</summary>
internal sealed class HookTable
{
    private readonly (HookPhase Phase, ISiteHook Hook)[]?[] _sites;
    private readonly IChainHook?[] _chains;
    private readonly IAttentionHook?[] _attention;
    private readonly HashSet<Signal> _signals;

    private HookTable(int count, HashSet<Signal> signals)
    {
        _sites = new (HookPhase, ISiteHook)[]?[count];
        _chains = new IChainHook?[count];
        _attention = new IAttentionHook?[count];
        _signals = signals;
    }

    public static HookTable Empty { get; } = new(0, []);

    /// <summary>The site hooks in phase order, or null.</summary>
    public (HookPhase Phase, ISiteHook Hook)[]? At(int site) => (uint)site < (uint)_sites.Length ? _sites[site] : null;

    public IChainHook? Chain(int site) => (uint)site < (uint)_chains.Length ? _chains[site] : null;

    public IAttentionHook? Attention(int site) => (uint)site < (uint)_attention.Length ? _attention[site] : null;

    public bool Wants(Signal signal) => _signals.Count > 0 && _signals.Contains(signal);

    public static HookTable Build(SiteMap map, IEnumerable<(IStrategy Strategy, IRun Run)> runs)
    {
        var all = runs.ToArray();
        var table = new HookTable(map.All.Count, [.. all.SelectMany(r => r.Strategy.Needs.Signals)]);
        foreach (var (strategy, run) in all)
        {
            foreach (var claim in strategy.Needs.Sites)
            {
                foreach (var site in map.All.Where(claim.Where.Matches))
                {
                    table.Attach(strategy, run, claim.Phase, site);
                }
            }
        }

        return table;
    }

    private void Attach(IStrategy strategy, IRun run, HookPhase phase, Site site)
    {
        if (phase == HookPhase.Attention)
        {
            _attention[site.Index] = Require<IAttentionHook>(strategy, run, site);
        }
        else if (site.Kind == SiteKind.Chain)
        {
            _chains[site.Index] = Require<IChainHook>(strategy, run, site);
        }
        else
        {
            var entry = (phase, Require<ISiteHook>(strategy, run, site));
            _sites[site.Index] = [.. (_sites[site.Index] ?? []).Append(entry).OrderBy(e => e.Item1)];
        }
    }

    private static T Require<T>(IStrategy strategy, IRun run, Site site)
        where T : class =>
        run as T ?? throw new InvalidOperationException($"{strategy.Tag} claims the site {site}, but its run does not implement {typeof(T).Name}.");
}
