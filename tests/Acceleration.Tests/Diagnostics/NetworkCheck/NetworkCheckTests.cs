using Acceleration.Tests.Core;
using Acceleration.Tests.Toys;
using static TorchSharp.torch;

namespace Acceleration.Tests.Diagnostics;

/// <summary>A network that raises its sites rightly passes; one that does not is told where.</summary>
public sealed class NetworkCheckTests : LiveTensorTest
{
    public static TheoryData<Fault> Faults => [.. Enum.GetValues<Fault>().Where(f => f != Fault.None)];

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(5)]
    public void NetworksThatAreRightPass(int rows)
    {
        using var text = TwoStreamToy.Text(rows);
        foreach (var (network, condition) in new (IDenoiser, Conditioning?)[]
        {
            (new ChainToy(), null), (new ChainToy(1, PredictionType.Epsilon), null), (new UNetToy(), null), (new TwoStreamToy(), text), (new FaultyNetwork(Fault.None), null),
            (Denoiser.From(Toy.Info("without sites"), (x, _, _) => x * 0.5), null),
        })
        {
            using (network)
            {
                var report = NetworkCheck.Run(network, rows, condition: condition);

                report.ThrowIfFailed();
                Assert.Equal(network.Info.Sites.All.Select(s => s.Path).Except(["prediction"]).Order(), report.Findings.Select(f => f.Site).Distinct().Order());
            }
        }
    }

    [Theory]
    [InlineData(Fault.NoForRows, "ff", "some rows, then the others", "e.ForRows(x)")]
    [InlineData(Fault.NoForTokens, "ff", "some tokens, then the others", "e.ForTokens(x, dim)")]
    [InlineData(Fault.NotTokenWise, "ff", "tokens that differ from row to row", "do not declare the site TokenWise")]
    [InlineData(Fault.ChangesInput, "ff", "unchanged in place", "what it is given is changed in place")]
    [InlineData(Fault.ChangesOutput, "ff", "unchanged in place", "what it returns is changed in place")]
    [InlineData(Fault.NotRaised, "forgotten", "raised once", "does not raise it")]
    [InlineData(Fault.RaisedTwice, "ff", "raised once", "raised 2 times")]
    [InlineData(Fault.DropShape, "cut.0", "skipped", "drop: returns [5, 1, 4, 6], the body [5, 2, 4, 6]")]
    [InlineData(Fault.NoDrop, "cut.0", "skipped", "must pass drop:")]
    [InlineData(Fault.Leak, "ff", "nothing left behind", "1 live tensors")]
    [InlineData(Fault.Random, "ff", "again", "depends on its input and state alone")]
    [InlineData(Fault.Cost, "ff", "skipped: multiply-adds", "the site's CostModel says more than the network's")]
    [InlineData(Fault.Throws, "ff", "piece by piece", "five rows or nothing [NotSupportedException]")]
    [InlineData(Fault.SideChannel, "ff", "computed in parts", "leaves something behind")]
    [InlineData(Fault.ChangesLatents, "network", "inputs unchanged", "changed in place")]
    [InlineData(Fault.OutputShape, "network", "plain call", "the output is [5, 2, 4, 6], expected [5, 1, 4, 6]")]
    public void AFaultIsFoundAndNamed(Fault fault, string site, string tried, string message)
    {
        using var network = new FaultyNetwork(fault);

        var report = NetworkCheck.Run(network);

        Assert.False(report.Passed);
        var finding = Assert.Single(report.Failures, f => f.Site == site && f.Tried == tried);
        Assert.Contains(message, finding.Message, StringComparison.Ordinal);
        Assert.Contains($"{site}: {tried}: ", Assert.Throws<InvalidOperationException>(report.ThrowIfFailed).Message, StringComparison.Ordinal);
    }

    // One fault must not make everything look wrong.
    [Theory]
    [MemberData(nameof(Faults))]
    public void OtherSitesStayInnocent(Fault fault)
    {
        using var network = new FaultyNetwork(fault);

        var guilty = NetworkCheck.Run(network).Failures.Select(f => f.Site).Distinct().ToHashSet();

        Assert.NotEmpty(guilty);
        var innocent = fault is Fault.DropShape or Fault.NoDrop ? "ff" : "cut.0";
        Assert.DoesNotContain(innocent, guilty);
    }

    [Theory]
    [InlineData("own", "e.Attend is not called with this site")]
    [InlineData("view", "use reshape, not view")]
    [InlineData("reshape", null)]
    public void AttentionGoesThroughTheEvaluation(string how, string? message)
    {
        var sites = new SiteMap();
        var site = sites.Add(SiteKind.SelfAttention, "attention", SiteTraits.ShapePreserving | SiteTraits.TokenMixing, default);
        using var network = Denoiser.From(Toy.Info("attention", sites: sites), (x, _, _, e) => e.At(site, x.view(-1, 16, 1), (Site: site, How: how), static (h, s, e) =>
        {
            // Two heads of two numbers each.
            var heads = cat([h.Main, h.Main * 2, h.Main * 3, h.Main * 4], 2).view(-1, h.Main.size(1), 2, 2).transpose(1, 2);
            var mixed = (s.How == "own" ? heads : e.Attend(s.Site, new(heads, heads, heads))).transpose(1, 2);
            return (s.How == "view" ? mixed.view(-1, h.Main.size(1), 4) : mixed.reshape(-1, h.Main.size(1), 4)).sum(2, keepdim: true);
        }).Main.view(x.shape));

        var failures = NetworkCheck.Run(network).Failures;

        Assert.All(failures, f => Assert.Equal("attention", f.Site));
        Assert.Equal(message is null ? [] : [message], failures.Select(f => f.Message!.Contains(message!, StringComparison.Ordinal) ? message! : f.Message));
    }

    /// <summary>What mixes tokens is run on others and fewer of them, as token methods do: a finding where a site says that it can, else a note.</summary>
    [Theory]
    [InlineData(true, SiteTraits.TokenMixing, "")]
    [InlineData(false, SiteTraits.TokenMixing, "block: tokens in another order: In a body, read per-token inputs")]
    [InlineData(true, SiteTraits.None, "")]
    [InlineData(false, SiteTraits.None, "block: cannot be run on some tokens")]
    public void BlocksRunOnOtherTokens(bool right, SiteTraits traits, string found)
    {
        var sites = new SiteMap();
        var block = sites.Add(SiteKind.Block, "block", SiteTraits.ShapePreserving | traits, default);
        using var network = Denoiser.From(Toy.Info("positions", sites: sites), (x, _, _, e) => e.At(block, x.view(-1, 16, 1), (Positions: linspace(-1, 1, 16, ScalarType.Float32, x.device).view(16, 1), Right: right), static (h, s, e) =>
            (h.Main + (s.Right ? e.ForTokens(s.Positions, 0) : s.Positions)).tanh() + h.Main.mean([1L], keepdim: true).sin()).Main.view(x.shape));

        var report = NetworkCheck.Run(network);

        Assert.Equal(found.Length > 0 && traits != SiteTraits.None ? 1 : 0, report.Failures.Count);
        Assert.Equal(found.Length > 0 && traits == SiteTraits.None ? 1 : 0, report.Notes.Count);
        Assert.True(found.Length == 0 || report.ToString().Contains(found.Split(": In")[0], StringComparison.Ordinal), report.ToString());
    }

    [Fact]
    public void FaultsOfInnerSitesAreNamedAtTheOuterOnesToo()
    {
        var sites = new SiteMap(new CostModel(20));
        var block = sites.Add(SiteKind.Block, "block", SiteTraits.ShapePreserving, new(5));
        var inner = sites.Add(SiteKind.FeedForward, "block.ff", SiteTraits.ShapePreserving, new(8));
        using var network = Denoiser.From(Toy.Info("nested", sites: sites), (x, t, _, e) => e.At(block, x, (Inner: inner, Time: t.view(-1, 1, 1, 1)), static (h, s, e) =>
            e.At(s.Inner, h, s.Time, static (h, time, _) => cat([h.Main + time, h.Main], 1))).Main.narrow(1, 0, 1));

        var failures = NetworkCheck.Run(network).Failures.ToLookup(f => (f.Site, f.Tried), f => f.Message!);

        Assert.StartsWith("at block.ff: ", Assert.Single(failures[("block", "some rows, then the others")]), StringComparison.Ordinal);
        Assert.DoesNotContain("at block", Assert.Single(failures[("block.ff", "some rows, then the others")]), StringComparison.Ordinal);
        Assert.Contains("sites inside say 40 multiply-adds, it says 25", Assert.Single(failures[("block", "costs of what lies inside")]), StringComparison.Ordinal);
        Assert.Contains("declared ShapePreserving, but the result is [5, 2, 4, 4], expected [5, 1, 4, 4]", Assert.Single(failures[("block.ff", "traits")]), StringComparison.Ordinal);
    }

    [Fact]
    public void AMissingConditionIsAFinding()
    {
        using var network = new TwoStreamToy();

        var finding = Assert.Single(NetworkCheck.Run(network).Failures);

        Assert.Equal(("network", "plain call"), (finding.Site, finding.Tried));
        Assert.Contains("condition 'text'", finding.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void WrongArgumentsAreRefused()
    {
        using var network = new ChainToy();
        using var condition = Conditioning.None(3);

        Assert.Throws<ArgumentNullException>(() => NetworkCheck.Run(null!));
        Assert.Throws<ArgumentOutOfRangeException>(() => NetworkCheck.Run(network, rows: 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => NetworkCheck.Run(network, tolerance: double.NaN));
        Assert.Throws<ArgumentException>(() => NetworkCheck.Run(network, size: [2, 8, 8]));
        Assert.Throws<ArgumentException>(() => NetworkCheck.Run(network, condition: condition));
    }

    [Fact]
    public void TheReportIsReadable()
    {
        using var right = new FaultyNetwork(Fault.None);
        using var wrong = new FaultyNetwork(Fault.NotRaised);

        Assert.Matches(@"^faulty: (\d+) of \1 checks at 3 sites passed \(largest relative difference among them [\de.+-]+\)$", NetworkCheck.Run(right).ToString());
        Assert.Equal("  forgotten: raised once: declared in Info.Sites, but the network does not raise it.", NetworkCheck.Run(wrong, size: [1, 2, 3]).ToString().Split(Environment.NewLine)[1]);
    }
}
