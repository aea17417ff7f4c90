using Acceleration.Tests.Models;

namespace Acceleration.Tests.Tool;

/// <summary>What <c>generate</c> makes of encoded prompts, and how prompts are encoded.</summary>
public sealed class EmbeddingsTests : ToolTest
{
    [Fact]
    public void EmbeddingsMustBeOfTheModelsEncoders()
    {
        var model = TinyModel.Write(PathOf("."), "sd15");
        var file = PathOf("text.safetensors");
        Assert.Equal(0, Run(Command(model, "--prompt", "a red coat", "--save-embeddings", file)).Code);
        var (code, output, error) = Run(Command(model, "--embeddings", file));
        Assert.True(code == 0, error);
        Assert.Contains("The embeddings were made by this model's text encoders (", output, StringComparison.Ordinal);
        Assert.Contains("made by this model's text encoders", Json(File.ReadAllText(PathOf("out/generate.json"))).GetProperty("notes")[0].GetString(), StringComparison.Ordinal);

        var weights = Path.Combine(model, "text_encoder", "model.safetensors");
        var bytes = File.ReadAllBytes(weights);
        bytes[^1] ^= 1;
        File.WriteAllBytes(weights, bytes);
        Refused("they are for another model, or its text encoders were changed: made by ", Command(model, "--embeddings", file));
        Refused("they are for another model", ["compare", model, "--plan", "IF2", "--embeddings", file, "-o", PathOf("out")]);

        Directory.Delete(Path.Combine(model, "text_encoder"), recursive: true);
        (code, output, error) = Run(Command(model, "--embeddings", file));
        Assert.True(code == 0, error);
        Assert.Contains("text encoders are not there: whether they made the embeddings was not checked", output, StringComparison.Ordinal);
    }

    [Fact]
    public void TwoEncodersAreBothLookedAt()
    {
        var model = TinyModel.Write(PathOf("."), "sdxl");
        var file = PathOf("text.safetensors");
        Assert.Equal(0, Run(Command(model, "--prompt", "a red coat", "--save-embeddings", file)).Code);
        Assert.Equal(0, Run(Command(model, "--embeddings", file)).Code);
        Refused("they are for another model", Command(TinyModel.Write(PathOf("."), "sd15"), "--embeddings", file));
    }

    [Fact]
    public void LayersAreSkippedWhereTheFamilyHasThem()
    {
        var model = TinyModel.Write(PathOf("."), "sd15");
        byte[] Made(params string[] more)
        {
            var (code, _, error) = Run(Command(model, ["--prompt", "a red coat", .. more]));
            Assert.True(code == 0, error);
            return File.ReadAllBytes(PathOf("out/000-seed0.png"));
        }

        Assert.Equal(Made(), Made("--clip-skip", "0"));
        Assert.NotEqual(Made(), Made("--clip-skip", "1"));
        Refused("0 to ", Command(model, "--prompt", "a coat", "--clip-skip", "40"));
        Refused("--clip-skip takes a whole number from 0 to 100, not '-1'", Command(model, "--prompt", "a coat", "--clip-skip", "-1"));
        Refused("--clip-skip: tiny-pixart is a PixArtAlphaPipeline, which reads no layers of CLIP before the last; StableDiffusionPipeline, ", Command(TinyModel.Write(PathOf("."), "pixart"), "--prompt", "a coat", "--clip-skip", "1"));
        Refused("--clip-skip: tiny-dit is a DiTPipeline", "generate", TinyModel.Write(PathOf("."), "dit"), "--clip-skip", "1", "-o", PathOf("out"));
        Refused("--embeddings stand for prompts; leave --prompt, --negative, --clip-skip", Command(model, "--embeddings", "x.safetensors", "--clip-skip", "1"));
    }

    [Fact]
    public void CaptionsAreCleanedUnlessRaw()
    {
        var model = TinyModel.Write(PathOf("."), "pixart");
        byte[] Made(params string[] asked)
        {
            var (code, _, error) = Run(Command(model, asked));
            Assert.True(code == 0, error);
            return File.ReadAllBytes(PathOf("out/000-seed0.png"));
        }

        Assert.Equal(Made("--prompt", "A Cat,dog @nick"), Made("--prompt", "a cat, dog", "--raw-captions"));
        Assert.NotEqual(Made("--prompt", "A Cat,dog @nick"), Made("--prompt", "A Cat,dog @nick", "--raw-captions"));
        Refused("--raw-captions: tiny-sd15 is a StableDiffusionPipeline, whose prompts are not cleaned", Command(TinyModel.Write(PathOf("."), "sd15"), "--prompt", "a cat", "--raw-captions"));
    }

    private string[] Command(string model, params string[] more) => ["generate", model, "--size", "32x32", "--steps", "2", "-o", PathOf("out"), .. more];
}
