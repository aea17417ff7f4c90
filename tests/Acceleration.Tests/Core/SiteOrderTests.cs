using Acceleration.Tests.Toys;
using static TorchSharp.torch;

namespace Acceleration.Tests.Core;

/// <summary>Cache, then tokens, then slice around one body; norm and modulation between the cache and the rest.</summary>
public sealed class SiteOrderTests : CoreTest
{
    private readonly SiteMap _map = new();
    private readonly Site _site;
    private readonly List<string> _log = [];

    public SiteOrderTests() => _site = _map.Add(SiteKind.SelfAttention, "attention", SiteTraits.ShapePreserving, default);

    private Value Raise(Bench bench) => bench.Root.At(
        _site,
        ones(2, 4),
        _log,
        static (h, log, _) => Log(log, "body", h, h.Main * 2),
        static (h, log, e) => Log(log, "prepare", h, h.Main + e.ForRows(tensor(new float[] { 10, 20 })).unsqueeze(1)));

    private static Value Log(List<string> log, string what, Value h, Value result)
    {
        log.Add($"{what} {h.Main.max().item<float>()}");
        return result;
    }

    private Probe In(HookPhase phase) => Probe.Site(Where.Attention, (_, h, next) => Log(_log, phase.ToString(), h, next.Invoke(h)), phase, phase.ToString());

    [Fact]
    public void PhasesNestInTheirOrderWhateverTheOrderOfAddition()
    {
        using var bench = new Bench(_map, Rows(2), null, In(HookPhase.Slice), In(HookPhase.Cache), In(HookPhase.Tokens));
        Raise(bench);
        // Hooks log when they return: the innermost first. The cache alone sees the raw input, and preparation runs once.
        Assert.Equal(["prepare 1", "body 21", "Slice 21", "Tokens 21", "Cache 1"], _log);
    }

    [Fact]
    public void WithoutStrategyPreparationPrecedesTheBody()
    {
        using var bench = new Bench(_map, Rows(2), null);
        Raise(bench);
        Assert.Equal(["prepare 1", "body 21"], _log);
    }

    [Theory]
    [InlineData(HookPhase.Cache)]
    [InlineData(HookPhase.Tokens)]
    [InlineData(HookPhase.Slice)]
    public void OneStrategyAloneSeesWhatItsPhaseSees(HookPhase phase)
    {
        using var bench = new Bench(_map, Rows(2), null, In(phase));
        Raise(bench);
        Assert.Equal(["prepare 1", "body 21", phase == HookPhase.Cache ? "Cache 1" : $"{phase} 21"], _log);
    }

    [Fact]
    public void ASkippedSiteIsNotPrepared()
    {
        using var bench = new Bench(_map, Rows(2), null, Probe.Site(Where.Attention, (_, h, _) => h), In(HookPhase.Tokens));
        Raise(bench);
        Assert.Empty(_log);
    }

    [Fact]
    public void PreparationRunsOnTheRowsTheCacheComputes()
    {
        using var bench = new Bench(_map, Rows(2), null, Probe.Site(Where.Attention, (_, h, next) => next.InvokeRows(h, [0])), In(HookPhase.Tokens));
        Raise(bench);
        Assert.Equal(["prepare 1", "body 11", "Tokens 11"], _log);
    }
}
