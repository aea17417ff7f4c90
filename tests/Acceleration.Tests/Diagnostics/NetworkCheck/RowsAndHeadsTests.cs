using Acceleration.Tests.Core;
using Acceleration.Tests.Toys;
using static TorchSharp.torch;

namespace Acceleration.Tests.Diagnostics;

/// <summary>Faults that fit every shape: rows that are mixed, and heads in the place of tokens.</summary>
public sealed class RowsAndHeadsTests : LiveTensorTest
{
    [Theory]
    [InlineData("mean")]
    [InlineData("first")]
    [InlineData("count")]
    public void RowsThatDependOnOneAnotherAreFound(string how)
    {
        using var network = Denoiser.From(Toy.Info("mixing"), (x, _, _) => how switch
        {
            "mean" => x - x.mean([0L], keepdim: true),
            "first" => x + x.narrow(0, 0, 1),
            _ => x * (int)x.size(0),
        });

        var finding = Assert.Single(NetworkCheck.Run(network).Failures);
        Assert.Equal(("network", "some rows, then the others"), (finding.Site, finding.Tried));
        Assert.Contains("No row may depend on another", finding.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ANetworkOfAFixedNumberOfRowsIsFound()
    {
        using var network = Denoiser.From(Toy.Info("fixed"), (x, _, _) => x.view(5, 1, 4, 4) * 0.5);
        Assert.Contains("takes any number of rows", Assert.Single(NetworkCheck.Run(network).Failures).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AConditionForAllRowsIsGivenAsItIs()
    {
        using var condition = new Conditioning(1, ("text", ones(1, 3)));
        using var network = Denoiser.From(Toy.Info("text") with { Classes = 0 }, (x, _, c) => x * c["text"].sum());
        NetworkCheck.Run(network, condition: condition).ThrowIfFailed();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void HeadsInThePlaceOfTokensAreFound(bool transposed)
    {
        var sites = new SiteMap();
        var site = sites.Add(SiteKind.SelfAttention, "attention", SiteTraits.ShapePreserving | SiteTraits.TokenMixing, default);
        using var network = Denoiser.From(Toy.Info("attention", sites: sites), (x, _, _, e) => e.At(site, x.view(-1, 16, 1), (Site: site, Transposed: transposed), static (h, s, e) =>
        {
            // [rows, tokens, heads, dim], two heads of two numbers each.
            var heads = cat([h.Main, h.Main * 2, h.Main * 3, h.Main * 4], 2).view(-1, h.Main.size(1), 2, 2);
            var mixed = s.Transposed
                ? e.Attend(s.Site, new(heads, heads, heads))
                : e.Attend(s.Site, new(heads.transpose(1, 2), heads.transpose(1, 2), heads.transpose(1, 2))).transpose(1, 2);
            return mixed.reshape(-1, h.Main.size(1), 4).sum(2, keepdim: true);
        }).Main.view(x.shape));

        var failures = NetworkCheck.Run(network).Failures;
        if (!transposed)
        {
            Assert.Empty(failures);
            return;
        }

        var finding = Assert.Single(failures);
        Assert.Equal(("attention", "attention over tokens"), (finding.Site, finding.Tried));
        Assert.Equal("the queries are [5, 16, 2, 2], and the layout has 16 tokens: e.Attend takes [rows, heads, tokens, head_dim]. Transpose dimensions 1 and 2, and what it returns back.", finding.Message);
    }
}
