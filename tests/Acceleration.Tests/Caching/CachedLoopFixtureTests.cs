using Acceleration.Tests.Tool;

namespace Acceleration.Tests.Caching;

/// <summary>Whole runs of the reference implementations: what ran in each call of the network, predictions and latents.</summary>
public sealed class CachedLoopFixtureTests
{
    [Theory]
    [InlineData("first_block_cache_flux", "relative change")]
    [InlineData("first_block_cache_wan_cfg", "relative change")]
    [InlineData("teacache_flux_a")]
    [InlineData("teacache_flux_b")]
    [InlineData("magcache_flux_calibrated", "magnitude ratios", "calibrated ratios")]
    [InlineData("magcache_flux_defaults", "magnitude ratios")]
    [InlineData("magcache_wan_cfg", "magnitude ratios")]
    [InlineData("taylorseer_flux_lite")]
    [InlineData("taylorseer_flux_order1")]
    [InlineData("taylorseer_flux_order2")]
    [InlineData("taylorseer_wan_cfg")]
    [InlineData("pab_flux")]
    [InlineData("pab_wan")]
    [InlineData("fastercache_wan")]
    public void ALoopEqualsTheReference(string name, params string[] more) =>
        Golden.Holds($"caching/{name}", [.. more, "predictions", "latents", "computed", "computed rows", "calls not fully computed", "latents without the technique"]);

    [Theory]
    [InlineData("pab_latte")]
    [InlineData("fastercache_latte")]
    public void LatteKeepsNoPredictions(string name) => Golden.Holds($"caching/{name}", "latents", "computed", "computed rows", "latents without the technique");

    [Fact]
    public void DeepCacheEqualsTheReference() => Golden.Holds("caching/deepcache_unet", "latents", "computed");
}
