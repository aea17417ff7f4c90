using Acceleration.Models;
using static TorchSharp.torch;

namespace Acceleration.Tests.Models;

/// <summary>Films that continue a picture: what their networks read of it.</summary>
public sealed class FirstFrameTests : ModelTest
{
    private static readonly PipelineCall Call = new() { Steps = 2, Size = new(24, 16, 9) };

    [Fact]
    public void WanReadsWhichFramesAreGivenAFilmThatIsGreyOtherwiseAndWhatTheImageEncoderSees()
    {
        using var pipeline = Pipeline.Load(TinyModel.Write(PathOf("."), "wan-i2v"));
        var first = Picture(1);
        using var seen = pipeline.EncodePictures(Call, (PictureRole.FirstFrame, first));
        var latents = seen[ConditionNames.ImageLatents];

        var film = zeros([1, 3, 9, 16, 24]);
        film[.., .., 0] = (first * 2) - 1;
        Assert.Equal([1L, 8, 3, 4, 6], latents.shape);
        Assert.Equal(0, Difference(latents.narrow(1, 4, 4), pipeline.Autoencoder!.Encode(film)));
        var given = zeros([1, 4, 3, 4, 6]);
        given[.., .., 0] = ones(1, 4, 4, 6);
        Assert.Equal(0, Difference(latents.narrow(1, 0, 4), given));

        var prepared = new ImagePreparation { Shorter = 12, Crop = new(12, 12) }.Apply(first);
        Assert.Equal(0, Difference(seen[ConditionNames.Image], pipeline.ImageEncoder!.States(prepared, skip: 1)));
    }

    [Fact]
    public void ALastFrameIsGivenToNetworksThatReadTwo()
    {
        using var pipeline = Pipeline.Load(TinyModel.Write(PathOf("."), "wan-i2v"));
        var (first, last) = (Picture(1), Picture(2));
        (PictureRole, Tensor)[] both = [(PictureRole.FirstFrame, first), (PictureRole.LastFrame, last)];
        Assert.Contains("reads the first frame only", Assert.Throws<ArgumentException>(() => pipeline.EncodePictures(Call, both)).Message, StringComparison.Ordinal);

        // The same network with positions for the tokens of two pictures.
        var two = pipeline.Parts with { Network = pipeline.Network.Info with { Conditions = [.. pipeline.Network.Info.Conditions.Select(c => c.Name == ConditionNames.Image ? new(c.Name, 20, 18) : c)] } };
        using var seen = pipeline.Form.EncodePictures(two, pipeline.PictureEncoders, Call.Size!.Value, both);
        Assert.Contains("the last one was not given", Assert.Throws<ArgumentException>(() => pipeline.Form.EncodePictures(two, pipeline.PictureEncoders, Call.Size.Value, both[0])).Message, StringComparison.Ordinal);
        Assert.Contains("no last one", Assert.Throws<ArgumentException>(() => pipeline.Form.EncodePictures(two, pipeline.PictureEncoders, new(24, 16), both)).Message, StringComparison.Ordinal);

        Assert.Equal([1L, 20, 18], seen[ConditionNames.Image].shape);
        using var one = pipeline.EncodePictures(Call, (PictureRole.FirstFrame, last));
        Assert.InRange(Difference(seen[ConditionNames.Image].narrow(1, 10, 10), one[ConditionNames.Image]), 0, 1e-6);

        // Of the last latent frame's four frames the last one.
        var latents = seen[ConditionNames.ImageLatents];
        Assert.Equal([1f, 0, 0], latents[0, 0, .., 0, 0].data<float>().ToArray());
        Assert.Equal([1f, 0, 1], latents[0, 3, .., 0, 0].data<float>().ToArray());
        var film = zeros([1, 3, 9, 16, 24]);
        film[.., .., 0] = (first * 2) - 1;
        film[.., .., 8] = (last * 2) - 1;
        Assert.Equal(0, Difference(latents.narrow(1, 4, 4), pipeline.Autoencoder!.Encode(film)));
    }

    [Fact]
    public void NetworksWithoutAnImageEncoderTakeTheLastFrameOrNot()
    {
        using var pipeline = Pipeline.Load(TinyModel.Write(PathOf("."), "wan-i2v"));
        var later = pipeline.Parts with { Network = pipeline.Network.Info with { Conditions = [.. pipeline.Network.Info.Conditions.Where(c => c.Name != ConditionNames.Image)] } };
        using var one = pipeline.Form.EncodePictures(later, pipeline.PictureEncoders, Call.Size!.Value, (PictureRole.FirstFrame, Picture(1)));
        using var two = pipeline.Form.EncodePictures(later, pipeline.PictureEncoders, Call.Size.Value, (PictureRole.FirstFrame, Picture(1)), (PictureRole.LastFrame, Picture(2)));
        Assert.Equal([ConditionNames.ImageLatents], one.Names);
        Assert.True(Difference(one[ConditionNames.ImageLatents], two[ConditionNames.ImageLatents]) > 0.01);
    }

    [Fact]
    public void CogVideoXReadsTheFirstFrameAndZeros()
    {
        using var pipeline = Pipeline.Load(TinyModel.Write(PathOf("."), "cogvideox-i2v"));
        var first = Picture(1);
        using var seen = pipeline.EncodePictures(Call, (PictureRole.FirstFrame, first));
        var latents = seen[ConditionNames.ImageLatents];
        Assert.Equal([1L, 4, 3, 4, 6], latents.shape);
        Assert.Equal(0, Difference(latents.narrow(2, 0, 1), pipeline.Autoencoder!.Encode(((first * 2) - 1).unsqueeze(2))));
        Assert.Equal(0, latents.narrow(2, 1, 2).abs().max().item<float>());
        Assert.Contains("a last frame was given", Assert.Throws<ArgumentException>(() => pipeline.EncodePictures(Call, (PictureRole.FirstFrame, first), (PictureRole.LastFrame, first))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void CogVideoXOfTheLaterVersionReadsItDividedByTheScale()
    {
        var folder = TinyModel.Write(PathOf("."), "cogvideox-i2v");
        using var usual = Pipeline.Load(folder);
        var config = Path.Combine(folder, "vae", "config.json");
        File.WriteAllText(config, File.ReadAllText(config).Replace("\"invert_scale_latents\":false", "\"invert_scale_latents\":true", StringComparison.Ordinal));
        using var inverted = Pipeline.Load(folder, new() { Tiled = true });
        using var a = usual.EncodePictures(Call, (PictureRole.FirstFrame, Picture(1)));
        using var b = inverted.EncodePictures(Call, (PictureRole.FirstFrame, Picture(1)));
        const double scale = 1.15258426;
        Assert.InRange(Difference(b[ConditionNames.ImageLatents] * (scale * scale), a[ConditionNames.ImageLatents]), 0, 1e-5);
        Assert.Equal(1 / (scale * scale), inverted.Autoencoder!.Info.ContinuedScale, 1e-12);
    }

    [Theory]
    [InlineData("wan-i2v", "a first frame, a last frame (optional)")]
    [InlineData("cogvideox-i2v", "a first frame")]
    public void TheFirstFrameMatters(string family, string expected)
    {
        var folder = TinyModel.Write(PathOf("."), family);
        Assert.Equal(expected, string.Join(", ", Pipeline.PicturesOf(folder)));
        using var pipeline = Pipeline.Load(folder);
        Assert.True(Difference(Sampled(pipeline, Picture(1)), Sampled(pipeline, Picture(2))) > 1e-4);
        Assert.Equal(0, Difference(Sampled(pipeline, Picture(1)), Sampled(pipeline, Picture(1))));
    }

    [Fact]
    public void AnImageEncoderThatIsMissingIsNamed()
    {
        var folder = TinyModel.Write(PathOf("."), "wan-i2v");
        var index = Path.Combine(folder, "model_index.json");
        File.WriteAllText(index, File.ReadAllText(index).Replace("\"image_encoder\"", "\"unused\"", StringComparison.Ordinal));
        using var pipeline = Pipeline.Load(folder);
        Assert.Null(pipeline.ImageEncoder);
        Assert.Contains("has no image encoder", Assert.Throws<InvalidOperationException>(() => pipeline.EncodePictures(Call, (PictureRole.FirstFrame, Picture(1)))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ModelsOfTwoNetworksAreRefused()
    {
        var folder = TinyModel.Write(PathOf("."), "wan");
        var index = Path.Combine(folder, "model_index.json");
        File.WriteAllText(index, File.ReadAllText(index).Replace("{", "{\"transformer_2\": [\"diffusers\", \"WanTransformer3DModel\"], ", StringComparison.Ordinal));
        Assert.Contains("two networks, of which the second (transformer_2)", Assert.Throws<CheckpointException>(() => Pipeline.Load(folder)).Message, StringComparison.Ordinal);
    }

    private static Tensor Picture(ulong seed) => Normal(seed, 1, 3, 16, 24).cpu().sigmoid();

    private static Tensor Sampled(Pipeline pipeline, Tensor first)
    {
        using var seen = pipeline.EncodePictures(Call, (PictureRole.FirstFrame, first));
        using var prompts = pipeline.Encode("a red coat");
        using var condition = pipeline.Complete(prompts.Condition, Call, seen);
        using var negative = pipeline.EncodeNegative(null, prompts);
        using var unwanted = pipeline.Complete(negative.Condition, Call, seen);
        using var result = pipeline.Describe(Call).Build().Generate(new() { Condition = condition, Negative = unwanted, Size = pipeline.LatentSize(Call), Seed = 3 }, cancellation: TestContext.Current.CancellationToken);
        return result.Latents.alias();
    }
}
