using static TorchSharp.torch;

namespace Acceleration;

/// <summary>Which runs work at which site: arrays by site index, made once per request.</summary>
internal sealed class HookTable
{
    private readonly (HookPhase Phase, ISiteHook Hook, IStrategy Strategy)[]?[] _sites;
    private readonly (IChainHook Hook, IStrategy Strategy)?[] _chains;
    private readonly (HookPhase Phase, IAttentionHook Hook, IStrategy Strategy)[]?[] _attention;
    private readonly bool[] _attended;
    private readonly bool[] _within;
    private readonly ScalarType?[] _bodyTypes;
    private readonly HashSet<Signal> _signals;

    private HookTable(int count, HashSet<Signal> signals)
    {
        _sites = new (HookPhase, ISiteHook, IStrategy)[]?[count];
        _chains = new (IChainHook, IStrategy)?[count];
        _attention = new (HookPhase, IAttentionHook, IStrategy)[]?[count];
        _attended = new bool[count];
        _within = new bool[count];
        _bodyTypes = new ScalarType?[count];
        _signals = signals;
    }

    public static HookTable Empty { get; } = new(0, []);

    /// <summary>Whether what hooks and bodies return at hooked sites must fit.</summary>
    public bool AnswersAreChecked { get; private init; } = true;

    /// <summary>The site hooks in phase order, or null.</summary>
    public (HookPhase Phase, ISiteHook Hook, IStrategy Strategy)[]? At(int site) => (uint)site < (uint)_sites.Length ? _sites[site] : null;

    public (IChainHook Hook, IStrategy Strategy)? Chain(int site) => (uint)site < (uint)_chains.Length ? _chains[site] : null;

    /// <summary>The attention hooks in phase order, or null.</summary>
    public (HookPhase Phase, IAttentionHook Hook, IStrategy Strategy)[]? Attention(int site) => (uint)site < (uint)_attention.Length ? _attention[site] : null;

    /// <summary>Whether nothing works at a block, nor at what lies within.</summary>
    public bool IsFree(Site block) => At(block.Index) is null && !((uint)block.Index < (uint)_within.Length && _within[block.Index]);

    public void NoteAttended(Site site) => _attended[site.Index] = true;

    /// <summary>Strategies on attention that were never asked, because nothing at their sites went through <see cref="Evaluation.Attend"/>.</summary>
    public IEnumerable<IStrategy> Unattended() =>
        _attention.SelectMany((hooks, site) => (hooks ?? []).Select(h => (h.Strategy, Asked: _attended[site]))).GroupBy(h => h.Strategy, ReferenceEqualityComparer.Instance).Where(g => !g.Any(h => h.Asked)).Select(g => (IStrategy)g.Key!);

    /// <summary>The type that the network's own body last returned at a hooked site: in mixed precision it may differ from the input's. Null before it ran.</summary>
    public ScalarType? BodyType(Site site) => (uint)site.Index < (uint)_bodyTypes.Length ? _bodyTypes[site.Index] : null;

    public void NoteBodyType(Site site, ScalarType type) => _bodyTypes[site.Index] = type;

    public bool Wants(Signal signal) => _signals.Count > 0 && _signals.Contains(signal);

    /// <param name="map">The network's sites.</param>
    /// <param name="runs">The runs, with the strategies whose claims they serve.</param>
    /// <param name="unchecked">Whether sites may be answered with anything: for those who look into a network rather than sample.</param>
    /// <param name="branchesAlone">Whether only what makes the guidance branches what they are is to act: what strategies save is not.</param>
    public static HookTable Build(SiteMap map, IEnumerable<(IStrategy Strategy, IRun Run)> runs, bool @unchecked = false, bool branchesAlone = false)
    {
        var all = runs.ToArray();
        var table = new HookTable(map.All.Count, [.. all.SelectMany(r => r.Strategy.Needs.Signals)]) { AnswersAreChecked = !@unchecked };
        foreach (var (strategy, run) in all)
        {
            foreach (var claim in strategy.Needs.Sites.Where(c => !branchesAlone || c.IsBranch))
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
        if (site.Within is { } block)
        {
            _within[block.Index] = true;
        }

        if (phase is HookPhase.BranchAttention or HookPhase.Attention)
        {
            var entry = (phase, Require<IAttentionHook>(strategy, run, site), strategy);
            _attention[site.Index] = [.. (_attention[site.Index] ?? []).Append(entry).OrderBy(e => e.Item1)];
        }
        else if (site.Kind == SiteKind.Chain)
        {
            _chains[site.Index] = (Require<IChainHook>(strategy, run, site), strategy);
        }
        else
        {
            var entry = (phase, Require<ISiteHook>(strategy, run, site), strategy);
            _sites[site.Index] = [.. (_sites[site.Index] ?? []).Append(entry).OrderBy(e => e.Item1)];
        }
    }

    private static T Require<T>(IStrategy strategy, IRun run, Site site)
        where T : class =>
        run as T ?? throw new InvalidOperationException($"{strategy.Tag} claims the site {site}, but its run does not implement {typeof(T).Name}.");
}
