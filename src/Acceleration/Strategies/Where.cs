using System.Globalization;
using System.Text.RegularExpressions;

namespace Acceleration;

/// <summary>A site selector: the first of the three lists of which every caching method takes one entry.</summary>
/// <param name="Tag">Short form, for example <c>network</c>, from which <see cref="Parse"/> makes the selector again.</param>
public sealed partial record Where(string Tag)
{
    private const string Named = "path=";
    private const char Between = '_';
    private const char Union = '~';
    private const string CorrectionOfOne = "correction.";
    private readonly Func<Site, bool> _matches = Matcher(Tag);

    /// <summary>The guided prediction of a step.</summary>
    public static Where Prediction { get; } = new("prediction");

    /// <summary>One call of the whole network, each guidance branch for itself.</summary>
    public static Where Network { get; } = new("network");

    /// <summary>What all guidance branches beyond the conditional one bring (<see cref="SiteMap.Correction"/>): a skipped one is not evaluated, and made of the conditional branch's output. Residuals are u − c there.</summary>
    public static Where Correction { get; } = new("correction");

    /// <summary>What one guidance branch brings.</summary>
    /// <param name="branch"><see cref="Branch.Unconditional"/> or above.</param>
    public static Where CorrectionOf(int branch) => new(string.Create(CultureInfo.InvariantCulture, $"{CorrectionOfOne}{Require.AtLeast(Branch.Unconditional, branch, nameof(branch))}"));

    /// <summary>Chains of blocks: the strategy chooses the range.</summary>
    public static Where Chain { get; } = new("chain");

    /// <summary>Every block for itself.</summary>
    public static Where Blocks { get; } = new("blocks");

    /// <summary>Every self-attention, before the gate; where space and time are attended to apart, that over space.</summary>
    public static Where Attention { get; } = new("attention");

    /// <summary>Every self-attention, after the gate.</summary>
    public static Where GatedAttention { get; } = new("attention.gated");

    /// <summary>Every attention over time, before the gate, where space and time are attended to apart.</summary>
    public static Where TemporalAttention { get; } = new("temporal");

    /// <summary>Every attention over time, after the gate.</summary>
    public static Where GatedTemporalAttention { get; } = new("temporal.gated");

    /// <summary>Every cross-attention.</summary>
    public static Where CrossAttention { get; } = new("cross");

    /// <summary>Every feed-forward part, before the gate.</summary>
    public static Where FeedForward { get; } = new("ff");

    /// <summary>Every feed-forward part, after the gate.</summary>
    public static Where GatedFeedForward { get; } = new("ff.gated");

    /// <summary>Everything that is added to a residual stream: attention of all kinds and feed-forward parts, before the gate; the outermost where one lies in another.</summary>
    public static Where Branches { get; } = new("branches");

    /// <summary>Every nested cut of a UNet.</summary>
    public static Where Cuts { get; } = new("cuts");

    /// <summary>The cut of a UNet that lies in <paramref name="depth"/> others: everything below the first skip connection for 0.</summary>
    public static Where Cut(int depth) => new(string.Create(CultureInfo.InvariantCulture, $"cut.{Require.AtLeast(0, depth, nameof(depth))}"));

    /// <summary>Those of the selected sites that are, or lie in, blocks <paramref name="from"/> up to, not including, <paramref name="to"/> of their chain.</summary>
    /// <param name="from">First block.</param>
    /// <param name="to">Block after the last; null for all that follow.</param>
    /// <exception cref="ArgumentException">The range is empty, or the selector has one already.</exception>
    public Where InBlocks(int from, int? to = null) => Each(tag => string.Create(CultureInfo.InvariantCulture, $"{tag}@{from}-{to}"));

    /// <summary>Those of the selected sites that are, or lie in, some blocks of their chain.</summary>
    /// <param name="blocks">Numbers of the blocks, at least one.</param>
    /// <exception cref="ArgumentException">There is none, one is below 0, or the selector has blocks already.</exception>
    public Where OnlyBlocks(params IEnumerable<int> blocks)
    {
        ArgumentNullException.ThrowIfNull(blocks);
        var list = string.Join(Between, blocks.Distinct().Order().Select(b => b.ToString(CultureInfo.InvariantCulture)));
        return Each(tag => $"{tag}@{list}");
    }

    /// <summary>These sites and those of another selector.</summary>
    public Where Or(Where other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return new($"{Tag}{Union}{other.Tag}");
    }

    /// <summary>Sites by their path.</summary>
    public static Where Path(string path) => new(Named + path);

    /// <summary>Makes a selector from its tag.</summary>
    /// <exception cref="ArgumentException">No such selector.</exception>
    public static Where Parse(string tag) => new(tag);

    private Where Each(Func<string, string> change) => new(string.Join(Union, Tag.Split(Union).Select(change)));

    internal bool IsCorrection => Matches(SiteMap.Corrections);

    /// <summary>Whether it selects what a guidance branch brings.</summary>
    internal bool IsCorrectionOf(int branch) => branch > Branch.Conditional && (Tag == Correction.Tag || Tag == CorrectionOf(branch).Tag);

    internal bool IsPath => Tag.StartsWith(Named, StringComparison.Ordinal);

    /// <summary>Whether a site is selected.</summary>
    public bool Matches(Site site) => _matches(site);

    /// <inheritdoc/>
    public bool Equals(Where? other) => other is not null && Tag == other.Tag;

    /// <inheritdoc/>
    public override int GetHashCode() => Tag.GetHashCode(StringComparison.Ordinal);

    /// <inheritdoc/>
    public override string ToString() => Tag;

    private static Func<Site, bool> Matcher(string tag) => tag switch
    {
        _ when tag.Contains(Union, StringComparison.Ordinal) => AnyOf([.. tag.Split(Union).Select(Matcher)]),
        "prediction" => s => s.Kind == SiteKind.Prediction,
        "network" => s => s.Kind == SiteKind.Network,
        "correction" => s => s.Kind == SiteKind.Correction,
        "chain" => s => s.Kind == SiteKind.Chain,
        "blocks" => s => s.Kind == SiteKind.Block,
        "attention" => s => Is(s, SiteKind.SelfAttention, gated: false),
        "attention.gated" => s => Is(s, SiteKind.SelfAttention, gated: true),
        "temporal" => s => Is(s, SiteKind.TemporalAttention, gated: false),
        "temporal.gated" => s => Is(s, SiteKind.TemporalAttention, gated: true),
        "cross" => s => s.Kind == SiteKind.CrossAttention,
        "ff" => s => Is(s, SiteKind.FeedForward, gated: false),
        "ff.gated" => s => Is(s, SiteKind.FeedForward, gated: true),
        "branches" => s => s is { IsBranch: true, Inside: null } && !s.Traits.HasFlag(SiteTraits.AfterGate),
        "cuts" => s => s.Kind == SiteKind.Cut,
        _ when tag.StartsWith(Named, StringComparison.Ordinal) => s => s.Path == tag[Named.Length..],
        _ when tag.StartsWith(CorrectionOfOne, StringComparison.Ordinal) && Number(tag[CorrectionOfOne.Length..]) > Branch.Conditional => s => s.Kind == SiteKind.Correction,
        _ when tag.StartsWith("cut.", StringComparison.Ordinal) && Number(tag[4..]) is { } depth => s => s.Depth == depth,
        _ when Range().Match(tag) is { Success: true } range => InRange(tag, Matcher(range.Groups[1].Value), Number(range.Groups[2].Value), Number(range.Groups[3].Value)),
        _ when List().Match(tag) is { Success: true } list => InList(Matcher(list.Groups[1].Value), list.Groups[2].Value),
        _ => throw new ArgumentException(
            $"There is no site selector '{PlanException.Shorten(tag)}'. Selectors: prediction, network, chain, blocks, attention, attention.gated, temporal, temporal.gated, cross, ff, ff.gated, branches, cuts, cut.<depth>, correction, correction.<branch>, path=<site path>; blocks @<from>-<to> or @<block>_<block>_... may follow, and further selectors, each after ~.",
            nameof(tag)),
    };

    private static Func<Site, bool> AnyOf(Func<Site, bool>[] selectors) => s => Array.Exists(selectors, m => m(s));

    private static Func<Site, bool> InRange(string tag, Func<Site, bool> selected, int? from, int? to) => from is not null && !(to <= from)
        ? s => s.Block >= from && !(s.Block >= to) && selected(s)
        : throw new ArgumentException($"The blocks of '{tag}' are an empty range; from is below to.", nameof(tag));

    private static Func<Site, bool> InList(Func<Site, bool> selected, string blocks)
    {
        var numbers = blocks.Split(Between).Select(Number).ToHashSet();
        return s => s.Block is not null && numbers.Contains(s.Block) && selected(s);
    }

    private static int? Number(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    [GeneratedRegex("^([^@]+)@(\\d+)-(\\d*)$", RegexOptions.CultureInvariant)]
    private static partial Regex Range();

    [GeneratedRegex("^([^@]+)@(\\d+(?:_\\d+)*)$", RegexOptions.CultureInvariant)]
    private static partial Regex List();

    private static bool Is(Site s, SiteKind kind, bool gated) => s.Kind == kind && s.Traits.HasFlag(SiteTraits.AfterGate) == gated;
}
