using System.Globalization;
using System.Text.Json;
using Acceleration.Tests.Tool;
using Acceleration.Tests.Toys;
using static TorchSharp.torch;

namespace Acceleration.Tests.Caching;

/// <summary>Runs of diffusers' MagCache: its resampled ratios and its computed steps, from its settings alone.</summary>
public sealed class MagnitudeFixtureTests
{
    [Theory]
    [InlineData("magcache_flux_calibrated")]
    [InlineData("magcache_flux_defaults")]
    [InlineData("magcache_wan_cfg")]
    public void RatiosAndStepsAreTheReferences(string name)
    {
        using var scope = NewDisposeScope();
        using var file = SafetensorsFile.Open(Golden.PathOf($"caching/{name}"));
        using var config = JsonDocument.Parse(file.Metadata["technique_config"]);
        double Number(string key) => config.RootElement.GetProperty(key).GetDouble();
        var steps = int.Parse(file.Metadata["steps"], CultureInfo.InvariantCulture);

        var ratios = MagnitudeRatios.Resample([.. config.RootElement.GetProperty("mag_ratios").EnumerateArray().Select(r => r.GetDouble())], steps);
        var computed = new MagnitudeSchedule(Number("threshold"), (int)Number("max_skip_steps"), Number("retention_ratio")) { Inclusive = true }.Steps(ratios);

        Assert.Equal(file.Read("output.mag_ratios_used").Floats(), ratios.Select(r => (float)r));
        // Both branches decide for themselves; with one list of ratios they agree.
        var ran = file.Read("output.computed").sum(1).cpu().data<long>().ToArray();
        var calls = ran.Length / steps;
        Assert.Equal(Enumerable.Range(0, ran.Length).Where(i => ran[i] > 0).Select(i => i / calls), computed.SelectMany(s => Enumerable.Repeat(s, calls)));
        Assert.InRange(computed.Count, 1, steps - 1);
    }
}
