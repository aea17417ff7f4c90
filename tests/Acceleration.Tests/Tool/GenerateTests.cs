using Acceleration.Tests.Toys;
using Acceleration.Tool;

namespace Acceleration.Tests.Tool;

public sealed class GenerateTests : ToolTest
{
    [Fact]
    public void AStrategyThatDoesNothingIsNamedWithItsReason()
    {
        var (code, output, _) = Run("generate", Tiny, "--labels", "1", "--steps", "8", "--plan", "GX+IF2", "-o", PathOf("out"));
        Assert.Equal(0, code);
        Assert.Contains("GX never acted: the pattern covers everything.", output, StringComparison.Ordinal);
        Assert.DoesNotContain("IF2 never acted", output, StringComparison.Ordinal);
    }

    [Fact]
    public void APresetBringsStrategiesWhereAPlanHasNone()
    {
        string Sampler(params string[] asked)
        {
            var (code, output, error) = Run(["generate", Tiny, "--labels", "1", "--json", "-o", PathOf("out"), .. asked]);
            Assert.True(code == 0, error);
            return Json(output).GetProperty("sampler").GetString()!;
        }

        var strategies = Preset.Balanced.For(Toy.Info("any", PredictionType.Epsilon)).Tag;
        Assert.Equal($"ddim4+CFG2+{strategies}", Sampler("--steps", "4", "--preset", "balanced"));
        Assert.Equal($"ddim5+CFG3+{strategies}", Sampler("--plan", "ddim5+CFG3", "--preset", "Balanced"));
    }

    [Theory]
    [InlineData("gratX")]
    [InlineData("gx")]
    public void ANameInFullIsAnsweredWithItsTag(string plan) => Refused("did you mean 'GX', GratX?", "generate", Tiny, "--plan", plan);

    [Fact]
    public void TheSameSeedGivesTheSameBytes()
    {
        string[] arguments = ["generate", Fashion, "--labels", "1,3", "--steps", "3", "--plan", "EC0.02", "--seed", "7", "--batch", "1"];
        Assert.Equal(0, Run([.. arguments, "-o", PathOf("a")]).Code);
        var (code, output, error) = Run([.. arguments, "-o", PathOf("b")]);

        Assert.Equal((0, ""), (code, error));
        Assert.Contains("2 pictures in ", output, StringComparison.Ordinal);
        Assert.Contains("ddim3+CFG2+EC0.02", output, StringComparison.Ordinal);
        foreach (var name in new[] { "000-label1-seed7.png", "001-label3-seed8.png" })
        {
            var bytes = File.ReadAllBytes(Path.Combine(PathOf("a"), name));
            Assert.Equal([0x89, (byte)'P', (byte)'N', (byte)'G'], bytes[..4]);
            Assert.Equal(bytes, File.ReadAllBytes(Path.Combine(PathOf("b"), name)));
        }
    }

    [Fact]
    public void JsonSaysWhatWasMade()
    {
        var (code, output, _) = Run("generate", Tiny, "--labels", "0-2", "--steps", "4", "--batch", "2", "--previews", "2", "--json", "-o", PathOf("out"));

        Assert.Equal(0, code);
        var json = Json(output);
        Assert.True(json.GetProperty("complete").GetBoolean());
        Assert.Equal("ddim4+CFG2", json.GetProperty("sampler").GetString());
        Assert.Equal(8, json.GetProperty("evaluations").GetDouble());
        var pictures = json.GetProperty("pictures").EnumerateArray().ToArray();
        Assert.Equal([0L, 1, 2], pictures.Select(p => p.GetProperty("label").GetInt64()));
        Assert.Equal(4, json.GetProperty("previews").GetArrayLength());
        Assert.All(pictures, p => Assert.True(File.Exists(Path.Combine(PathOf("out"), p.GetProperty("file").GetString()!))));
        Assert.All(json.GetProperty("previews").EnumerateArray(), p => Assert.True(File.Exists(Path.Combine(PathOf("out"), p.GetString()!))));
        Assert.Equal(output.Trim(), File.ReadAllText(Path.Combine(PathOf("out"), "generate.json")));

        // Four channels are no picture: what a decoder needs is there as well.
        using var latents = SafetensorsFile.Open(Path.Combine(PathOf("out"), "000-label0-seed0.safetensors"));
        Assert.Equal([4L, 8, 8], latents.Tensors["latents"].Shape);
    }

    [Fact]
    public void StoppingKeepsWhatIsThere()
    {
        using var stop = new CancellationTokenSource();
        stop.Cancel();
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = AccelerationCommand.Run(["generate", Tiny, "--labels", "0", "--steps", "2", "-o", PathOf("out")], output, error, stop.Token);

        Assert.Equal(130, code);
        Assert.StartsWith("Stopped: 0 of 1 pictures", error.ToString(), StringComparison.Ordinal);
        Assert.False(Json(File.ReadAllText(Path.Combine(PathOf("out"), "generate.json"))).GetProperty("complete").GetBoolean());
    }

    [Fact]
    public void ThreeChannelsAreColoursAndWhatIsNoNumberIsBlack()
    {
        var pictures = LatentPictures.Of([-1, 1, 0, float.NaN, 5, -5], [1, 3, 1, 2]);
        Assert.Equal((1, 3, 1, 2), (pictures.Count, pictures.Channels, pictures.Height, pictures.Width));
        Assert.Equal([0, 255, 128, 0, 255, 0], pictures.Pixels);

        // Latents of other networks, from the least value to the greatest.
        Assert.Equal([0, 255, 85], LatentPictures.Of([-6, 3, -3, 100, 100, 100], [1, 2, 1, 3]).Pixels);
    }
}
