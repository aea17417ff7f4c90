namespace Acceleration;

/// <summary>
/// The sites of a network. Every network has the two that the sampler raises, <see cref="Prediction"/> and <see cref="Network"/>; a network adds its own
/// in its constructor and keeps the <see cref="Site"/> objects to name them in its forward pass.
/// </summary>
public sealed class SiteMap
{
    private readonly List<Site> _sites = [];

    /// <summary>Starts a map with the two sites of the sampler.</summary>
    /// <param name="network">Cost of one row of the whole network, everything outside other sites included.</param>
    /// <param name="samePrediction">Whether the network's output has the shape of its input latents.</param>
    public SiteMap(CostModel network = default, bool samePrediction = true)
    {
        Prediction = Add(SiteKind.Prediction, "prediction", SiteTraits.ShapePreserving, default);
        Network = Add(SiteKind.Network, "network", samePrediction ? SiteTraits.ShapePreserving : SiteTraits.None, network);
    }

    /// <summary>The guided prediction of a step.</summary>
    public Site Prediction { get; }

    /// <summary>One call of the whole network.</summary>
    public Site Network { get; }

    /// <summary>
    /// What guidance branches beyond the conditional one bring: from the conditional branch's output to a branch's own. It is decided on before the network is called, since all branches may share that call: no hook
    /// comes to it, and it is none of <see cref="All"/>.
    /// </summary>
    public Site Correction => Corrections;

    internal static Site Corrections { get; } = new(-2, SiteKind.Correction, "correction", SiteTraits.ShapePreserving, default);

    /// <summary>What gives the network more sites, as a sentence for whoever asks for one that it lacks; null for nothing.</summary>
    public string? Remedy { get; init; }

    /// <summary>All sites; a site's index is its position.</summary>
    public IReadOnlyList<Site> All => _sites;

    /// <summary>Adds a site. One whose path continues a block's (<c>blocks.3.attention</c>) counts as lying in that block.</summary>
    /// <param name="kind">What it is.</param>
    /// <param name="path">Its name.</param>
    /// <param name="traits">What may be assumed about it.</param>
    /// <param name="cost">What one row costs, for the tokens of the layout in which it is raised.</param>
    /// <param name="share"><see cref="Site.Share"/>: 1 unless it lies behind a change of resolution.</param>
    /// <param name="inside">The branch that raises it as a part of its own, such as a fused part its attention; null for none.</param>
    /// <exception cref="ArgumentException">The path is taken.</exception>
    public Site Add(SiteKind kind, string path, SiteTraits traits, CostModel cost, double share = 1, Site? inside = null)
    {
        var block = _sites.Find(s => s.Kind == SiteKind.Block && path.StartsWith(s.Path + ".", StringComparison.Ordinal));
        return Add(new(_sites.Count, kind, path, traits, cost) { Block = block?.Block, Within = block, Share = share, Inside = inside });
    }

    /// <summary>
    /// Adds a nested cut of a UNet, the outermost first. Its input is what the skip connection carries, its output what the level outside is given beside
    /// that.
    /// </summary>
    /// <param name="path">Name, for example <c>cut.0</c>.</param>
    /// <param name="cost">Cost of all that it contains, inner cuts included, for the tokens of the level at which it is raised.</param>
    /// <param name="traits"><see cref="SiteTraits.ShapePreserving"/> where output and input have one shape.</param>
    /// <param name="share"><see cref="Site.Share"/>.</param>
    /// <exception cref="ArgumentException">The path is taken.</exception>
    public Site AddCut(string path, CostModel cost, SiteTraits traits = SiteTraits.None, double share = 1) =>
        Add(new(_sites.Count, SiteKind.Cut, path, traits, cost) { Depth = _sites.Count(s => s.Kind == SiteKind.Cut), Share = share });

    /// <summary>Adds a chain of equal-shaped blocks, called <c>path.0</c>, <c>path.1</c>, ...</summary>
    /// <param name="path">Name of the chain, for example <c>blocks</c>.</param>
    /// <param name="blocks">Number of blocks, at least 1.</param>
    /// <param name="cost">Cost of one block.</param>
    /// <param name="share"><see cref="Site.Share"/>.</param>
    public Site AddChain(string path, int blocks, CostModel cost, double share = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(blocks, 1);
        return AddChain(path, [.. Enumerable.Repeat(cost, blocks)], cost * blocks, share);
    }

    /// <summary>Adds a chain of blocks of unequal cost, such as double-stream blocks and single-stream blocks after them.</summary>
    /// <param name="path">Name of the chain.</param>
    /// <param name="costs">Cost of each block, at least one.</param>
    /// <exception cref="ArgumentException">The path is taken, or there are no blocks.</exception>
    public Site AddChain(string path, IReadOnlyList<CostModel> costs)
    {
        ArgumentNullException.ThrowIfNull(costs);
        if (costs.Count == 0)
        {
            throw new ArgumentException("A chain has at least one block.", nameof(costs));
        }

        return AddChain(path, costs, costs.Aggregate((a, b) => a + b), 1);
    }

    /// <summary>
    /// Adds blocks that follow each other otherwise than in a chain, called <c>path.0</c>, <c>path.1</c>, ... and numbered as a chain's are: those of U-shaped transformers, with skip connections among them. Each is raised by
    /// itself (<see cref="Evaluation.At"/>). What chooses a range of blocks needs a chain.
    /// </summary>
    /// <param name="path">What their names begin with, for example <c>blocks</c>.</param>
    /// <param name="costs">Cost of each block, at least one.</param>
    /// <param name="traits">What may be assumed about each.</param>
    /// <exception cref="ArgumentException">A path is taken, or there are no blocks.</exception>
    public IReadOnlyList<Site> AddBlocks(string path, IReadOnlyList<CostModel> costs, SiteTraits traits = SiteTraits.ShapePreserving | SiteTraits.TokenMixing)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(costs);
        return costs.Count > 0
            ? [.. costs.Select((cost, i) => Add(new(_sites.Count, SiteKind.Block, $"{path}.{i}", traits, cost) { Block = i }))]
            : throw new ArgumentException("There is at least one block.", nameof(costs));
    }

    /// <summary>Finds a site by its path.</summary>
    /// <exception cref="KeyNotFoundException">There is none; the message lists those there are.</exception>
    public Site this[string path] =>
        _sites.Find(s => s.Path == path)
        ?? throw new KeyNotFoundException($"There is no site '{path}'. Sites: {string.Join(", ", _sites.Select(s => s.Path))}.");

    private Site AddChain(string path, IReadOnlyList<CostModel> costs, CostModel whole, double share)
    {
        RequireNew(path);
        var children = costs
            .Select((cost, i) => Add(new(_sites.Count, SiteKind.Block, $"{path}.{i}", SiteTraits.ShapePreserving, cost) { Block = i, Share = share })).ToArray();
        return Add(new(_sites.Count, SiteKind.Chain, path, SiteTraits.ShapePreserving, whole) { Blocks = children, Share = share });
    }

    private Site Add(Site site)
    {
        RequireNew(site.Path);
        _sites.Add(site);
        return site;
    }

    private void RequireNew(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (_sites.Exists(s => s.Path == path))
        {
            throw new ArgumentException($"A site '{path}' exists already.", nameof(path));
        }
    }
}
