using Acceleration.Tests.Caching.Contract;
using Acceleration.Tests.Toys;

namespace Acceleration.Tests.Docs;

/// <summary>The table of docs/your-own-model.md says which sites, traits and signals strategies need, as they say it themselves.</summary>
public sealed class NeededSitesTests
{
    private static readonly Schedule Grid = FlowSchedule.FromSigmas([1, 0.5]);

    // Those that the other tests know by another setting.
    private static readonly IStrategy[] Others = [new TGate(), new PyramidAttentionBroadcast(), new ToMeSD()];

    // Every kind of site once, none of which keeps its shape.
    private static DenoiserInfo Shapeless
    {
        get
        {
            var sites = new SiteMap(samePrediction: false);
            sites.AddBlocks("blocks", [default, default, default], SiteTraits.None);
            sites.AddCut("cut.0", default);
            foreach (var kind in new[] { SiteKind.SelfAttention, SiteKind.TemporalAttention, SiteKind.CrossAttention, SiteKind.FeedForward })
            {
                sites.Add(kind, $"{kind}", SiteTraits.None, default);
                sites.Add(kind, $"{kind}.gated", SiteTraits.AfterGate, default);
            }

            return Toy.Info("shapeless", sites: sites);
        }
    }

    [Fact]
    public void TheTableIsWhatStrategiesAskFor()
    {
        string[] rows =
        [
            .. Others.Concat(KnownStrategy.All.Values.SelectMany(k => k.Active)).Where(s => s is not Cached && s.GetType().Assembly == typeof(Cached).Assembly).DistinctBy(s => s.GetType())
                .Select(s => (Row: Row(s.Needs), Name: s.GetType().Name)).Where(s => s.Row.Length > 0 && !s.Row.Contains("`path=", StringComparison.Ordinal))
                .GroupBy(s => s.Row, s => $"`{s.Name}`").OrderBy(g => g.Key, StringComparer.Ordinal).Select(g => $"{g.Key} {string.Join(", ", g.Order(StringComparer.Ordinal))} |"),
        ];
        var table = string.Join('\n', rows.Prepend("|---|---|---|---|").Prepend("| sites | traits | signals | strategies, with their usual settings |"));
        Assert.True(DocumentPages.Read("your-own-model.md").Text.Contains($"\n{table}\n", StringComparison.Ordinal), table);
    }

    private static string Row(Requirements needs)
    {
        string[] sites = [.. needs.Sites.Where(c => !c.IsOptional).SelectMany(c => c.Where.Tag.Split('~')).Select(t => t.StartsWith("cut.", StringComparison.Ordinal) ? Where.Cuts.Tag : t.Split('@')[0]).Except(["prediction", "network"]).Distinct().Order(StringComparer.Ordinal)];
        var needsShape = needs.Refuse?.Invoke(new(Shapeless, "flow-euler", [Grid], 2))?.Contains("shape", StringComparison.Ordinal) == true;
        return sites.Length + needs.Signals.Count == 0 ? "" : $"| {string.Join(", ", sites.Select(s => $"`{s}`"))} | {(needsShape ? "`ShapePreserving`" : "")} | {string.Join(", ", needs.Signals.Select(s => $"`{s}`"))} |";
    }
}
