namespace Acceleration.Tests.Tool;

public sealed class InspectTests : ToolTest
{
    [Fact]
    public void ANetworkIsRecognisedWithSitesAndStrategies()
    {
        var (code, output, _) = Run("inspect", Fashion);
        Assert.Equal(0, code);
        Assert.Contains("architecture: DiT, latents 1×32×32, patch 2, 256 tokens, 10 classes", output, StringComparison.Ordinal);
        Assert.Contains("blocks.*.attn.qkv.weight", output, StringComparison.Ordinal);

        var json = Json(Run("inspect", Fashion, "--json").Out);
        Assert.Equal("DiT", json.GetProperty("architecture").GetString());
        Assert.Equal(91, json.GetProperty("tensors").GetArrayLength());
        var sites = json.GetProperty("sites").EnumerateArray().ToDictionary(s => s.GetProperty("path").GetString()!, s => s.GetProperty("share").GetDouble());
        Assert.Equal(1, sites["network"]);
        Assert.Equal(sites["blocks"], Enumerable.Range(0, 8).Sum(i => sites[$"blocks.{i}"]), 1e-12);

        var strategies = json.GetProperty("strategies").EnumerateArray().ToArray();
        var names = strategies.Select(s => s.GetProperty("strategy").GetString()).ToHashSet();
        Assert.Superset(new HashSet<string?> { "AdaptiveGuidance", "Cached", "ClassifierFreeGuidance", "DeltaDiT", "EasyCache", "IntervalForecast", "StepForecast", "ToMeSD" }, names);
        var refused = strategies.Where(s => !s.GetProperty("applies").GetBoolean()).ToArray();
        var reasons = string.Join('\n', refused.Select(s => s.GetProperty("reason").GetString()));
        foreach (var expected in new[] { "works at 'cross', but fashion-dit has no such site", "works at 'cuts', but fashion-dit has no such site", "needs another network for the branch 'weak'" })
        {
            Assert.Contains(expected, reasons, StringComparison.Ordinal);
        }
    }

    /// <summary>What lies behind a halving counts for the tokens there, and a text for its usual length.</summary>
    [Fact]
    public void SitesAreTheirShareOfTheNetwork()
    {
        var file = Golden.PathOf("models/unet_sd15");
        var (code, output, _) = Run("inspect", file, "--all");
        Assert.Equal(0, code);
        Assert.Contains("tokens and 77 of a text of usual length", output, StringComparison.Ordinal);

        var sites = Json(Run("inspect", file, "--json").Out).GetProperty("sites").EnumerateArray().ToDictionary(s => s.GetProperty("path").GetString()!, s => s.GetProperty("share").GetDouble());
        double[] cuts = [1, .. Enumerable.Range(0, 9).Select(i => sites[$"cut.{i}"])];
        Assert.All(cuts.Zip(cuts.Skip(1)), pair => Assert.True(pair.Second < pair.First));
        string[] middle = ["mid_block.resnets.0", "mid_block.attentions.0.transformer_blocks.0", "mid_block.resnets.1"];
        Assert.InRange(middle.Sum(m => sites[m]), 0.9 * sites["cut.8"], sites["cut.8"]);
    }

    [Theory]
    [InlineData("tokens/tome_bipartite", "'acceleration verify' knows it (bipartite_soft_matching")]
    [InlineData("caching/easycache_sequence", "'acceleration verify' knows it (EasyCache decision logic)")]
    public void OtherFilesAreListedWithTheReason(string name, string golden)
    {
        var (code, output, _) = Run("inspect", Golden.PathOf(name));
        Assert.Equal(0, code);
        Assert.Contains("architecture: not recognised: ", output, StringComparison.Ordinal);
        Assert.Contains(golden, output, StringComparison.Ordinal);
        Assert.Contains("source_commit", output, StringComparison.Ordinal);
    }
}
