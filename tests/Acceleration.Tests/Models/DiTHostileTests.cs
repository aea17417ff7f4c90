using System.Text.Json;
using Acceleration.Models;
using static TorchSharp.torch;

namespace Acceleration.Tests.Models;

/// <summary>Configurations that ask for more than there is, and networks in several files.</summary>
public sealed class DiTHostileTests : ModelTest
{
    [Theory]
    [InlineData("\"depth\": 2", "\"depth\": 1000000000", "depth = 1000000000; supported is a whole number from 1 to 1024")]
    [InlineData("\"depth\": 2", "\"depth\": -2", "depth = -2")]
    [InlineData("\"depth\": 2", "\"depth\": 2.5", "depth = 2.5")]
    [InlineData("\"depth\": 2", "\"depth\": [2]", "depth = [2]")]
    [InlineData("\"depth\": 2", "\"depth\": 99999999999999999999", "depth = 99999999999999999999")]
    [InlineData("\"depth\": 2", "\"depth\": 2, \"depth\": 2", "distinct keys")]
    [InlineData("\"mlp_ratio\": 4.0", "\"mlp_ratio\": 1e300", "mlp_ratio must be a whole number from 1 to 262144")]
    [InlineData("\"mlp_ratio\": 4.0", "\"mlp_ratio\": 1e-300", "mlp_ratio must be a whole number from 1 to 262144")]
    [InlineData("\"mlp_ratio\": 4.0", "\"mlp_ratio\": 1e999", "mlp_ratio = 1e999; supported is a number above 0")]
    [InlineData("\"depth\": 2", "\"depth\": 2, \"beta_start\": 0.5, \"beta_end\": 0.1", "beta_start and beta_end make no noise levels")]
    [InlineData("\"depth\": 2", "\"depth\": 2, \"beta_start\": 1e-320", "beta_start and beta_end make no noise levels")]
    [InlineData("\"depth\": 2", "\"depth\": 2, \"num_train_timesteps\": 1000000000", "num_train_timesteps = 1000000000")]
    [InlineData("\"num_classes\": 10", "\"num_classes\": 16777216", "the file holds")]
    [InlineData("\"in_channels\": 4", "\"in_channels\": 16384", "the file holds")]
    public void AConfigurationBeyondItsFileIsRefused(string part, string replacement, string expected)
    {
        var (path, config) = Plain();
        Assert.Contains(part, config, StringComparison.Ordinal);
        File.WriteAllText(PathOf("config.json"), config.Replace(part, replacement, StringComparison.Ordinal));
        Assert.Contains(expected, Assert.Throws<CheckpointException>(() => DiT.Load(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AConfigurationThatIsNoneIsRefusedShortly()
    {
        var (path, config) = Plain();
        foreach (var text in new[] { "", "[]", "null", new string('[', 1_000_000), "{\"\\ud800\":1}", "{" + string.Join(',', Enumerable.Range(0, 10_000).Select(i => $"\"key{i}\":1")) + "}", $"{{\"{new string('k', 100_000)}\":1}}" })
        {
            File.WriteAllText(PathOf("config.json"), text);
            var error = Assert.Throws<CheckpointException>(() => DiT.Load(path));
            Assert.Contains("config.json", error.Message, StringComparison.Ordinal);
            Assert.InRange(error.Message.Length, 20, 2500);
        }

        using (var large = File.Create(PathOf("config.json")))
        {
            large.SetLength((1 << 24) + 1);
        }

        Assert.Contains("a configuration has 16777216 at most", Assert.Throws<CheckpointException>(() => DiT.Load(path)).Message, StringComparison.Ordinal);
        File.WriteAllText(PathOf("config.json"), config, new System.Text.UTF8Encoding(encoderShouldEmitUTF8Identifier: true));
        using var network = DiT.Load(path);
        Assert.Equal("plain", network.Info.Name);
    }

    [Fact]
    public void ANetworkInSeveralFilesIsTheSameNetwork()
    {
        var (path, config) = Plain();
        var folder = Directory.CreateDirectory(PathOf("sharded")).FullName;
        using (var file = SafetensorsFile.Open(path))
        {
            var map = file.Names.Select((n, i) => (Name: n, Shard: $"part-{i % 3}.safetensors")).ToArray();
            foreach (var shard in map.GroupBy(m => m.Shard))
            {
                SafetensorsFile.Write(Path.Combine(folder, shard.Key), shard.Select(m => (m.Name, file.Read(m.Name))), new Dictionary<string, string> { ["format"] = "pt" });
            }

            File.WriteAllText(Path.Combine(folder, "dit.safetensors.index.json"), JsonSerializer.Serialize(new { weight_map = map.ToDictionary(m => m.Name, m => m.Shard) }));
        }

        File.WriteAllText(PathOf("config.json"), config);
        File.WriteAllText(Path.Combine(folder, "config.json"), config);
        using var whole = Load(path);
        using var sharded = Load(folder);
        Assert.Equal("dit", sharded.Info.Name);
        using var labels = Conditioning.Labels(3);
        var (x, t) = (Normal(1, 1, 4, 8, 8), full(1, 10f).ToTestDevice());
        Assert.Equal(0, Difference(whole.Predict(x, t, labels, Evaluation.Plain(1)), sharded.Predict(x, t, labels, Evaluation.Plain(1))));

        File.Delete(Path.Combine(folder, "part-1.safetensors"));
        Assert.Contains("'part-1.safetensors', which is not there", Assert.Throws<CheckpointException>(() => DiT.Load(folder)).Message, StringComparison.Ordinal);
    }

    /// <summary>A network's file without its configuration, and that.</summary>
    private (string Path, string Config) Plain()
    {
        using var file = SafetensorsFile.Open(Fixture("dit_original"));
        var path = PathOf("plain.safetensors");
        SafetensorsFile.Write(path, file.Names.Where(n => n.StartsWith("weights.", StringComparison.Ordinal)).Select(n => (n["weights.".Length..], file.Read(n))));
        return (path, file.Metadata["config"]);
    }
}
