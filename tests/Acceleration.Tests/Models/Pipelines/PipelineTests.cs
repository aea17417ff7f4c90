using Acceleration.Models;
using static TorchSharp.torch;

namespace Acceleration.Tests.Models;

/// <summary>Whole models, from prompts to pictures.</summary>
public sealed partial class PipelineTests : ModelTest
{
    public static TheoryData<string> Families => [.. TinyModel.Families];

    [Theory]
    [MemberData(nameof(Families))]
    public void EveryFamilyGoesFromItsFolderToPictures(string family)
    {
        using var pipeline = Pipeline.Load(TinyModel.Write(PathOf("."), family));
        var call = CallOf(pipeline);
        using var prompts = pipeline.Form.ReadsPrompts ? pipeline.Encode("a red coat", "two shoes") : null;
        using var negative = prompts is null ? null : pipeline.EncodeNegative(null, prompts);
        var (wide, high) = (pipeline.SizeOf(call).Width, pipeline.SizeOf(call).Height);
        using var seen = pipeline.Pictures.Count == 0 ? null : pipeline.EncodePictures(call, [.. pipeline.Pictures.Where(p => !p.IsOptional).Select((p, i) => (p.Role, Normal((ulong)i, 1, p.Channels, high, wide).cpu().sigmoid()))]);
        using var plain = prompts is null ? pipeline.Network.Info.Classes > 0 ? Conditioning.Labels(1, 2) : Conditioning.None(2) : pipeline.Complete(prompts.Condition, call, seen);
        using var none = negative is null ? null : pipeline.Complete(negative.Condition, call, seen);
        var sampler = pipeline.Describe(call).Build();
        using var result = sampler.Generate(new() { Condition = plain, Negative = pipeline.Network.Info.NegativeComesWithRequest ? none : null, Size = pipeline.LatentSize(call), Seed = 3 }, cancellation: TestContext.Current.CancellationToken);

        Assert.True(result.Latents.isfinite().all().item<bool>());
        using var pictures = pipeline.Decode(result.Latents);
        var size = pipeline.SizeOf(call);
        Assert.Equal(size.Frames == 1 && result.Latents.ndim == 4 ? [2L, 3, size.Height, size.Width] : [2L, 3, size.Frames, size.Height, size.Width], pictures.shape);
        Assert.InRange(pictures.min().item<float>(), 0, 1);
        Assert.InRange(pictures.max().item<float>(), 0, 1);
        Assert.True((pictures[0] - pictures[1]).abs().max().item<float>() > 0, "Two prompts and seeds gave one picture.");
    }

    [Theory]
    [InlineData("wan", "makes films of 1, 5, 9, 13, 17, ... frames; 8 were asked for", 8)]
    [InlineData("wan", "0 were asked for", 0)]
    [InlineData("cogvideox", "makes films of 1, 8, 9, 16, 17, ... frames; 5 were asked for", 5)]
    [InlineData("latte", "makes films of 1, 2, 3, 4, 5, ... frames; 0 were asked for", 0)]
    public void FilmsHaveAsManyFramesAsAreDecoded(string family, string expected, int frames)
    {
        using var pipeline = Pipeline.Load(TinyModel.Write(PathOf("."), family));
        Assert.Contains(expected, Assert.Throws<ArgumentException>(() => pipeline.Describe(new() { Size = new(32, 32, frames) })).Message, StringComparison.Ordinal);
    }

    // Networks that take latent frames in pairs sample one that is not shown where the film has an odd number.
    [Fact]
    public void LatentFramesThatFillAPatchAreNotShown()
    {
        using var pipeline = Pipeline.Load(TinyModel.Write(PathOf("."), "cogvideox"));
        var pairing = pipeline.Parts with { Network = pipeline.Network.Info with { FramePatch = 2, SampleSize = [4, 4, 6, 8] } };
        Assert.Equal([4L, 4, 8, 8], pipeline.Form.LatentSize(pairing, new(32, 32, 9)));
        Assert.Equal(new PictureSize(32, 24, 9), pipeline.Form.UsualSize(pairing));
        Assert.Equal([4L, 2, 8, 8], pipeline.Form.LatentSize(pairing, new(32, 32, 8)));

        var latents = Normal(3, 1, 4, 4, 4, 4).cpu();
        using var shown = pipeline.Decode(latents, new PictureSize(16, 16, 9));
        using var odd = pipeline.Decode(latents.narrow(2, 1, 3));
        Assert.Equal([1L, 3, 9, 16, 16], shown.shape);
        Assert.Equal(0, Difference(shown, odd));
        Assert.Equal([1L, 3, 16, 16, 16], pipeline.Decode(latents).shape);
    }

    [Fact]
    public void AFilmWhoseAutoencoderIsNotKnownStaysLatents()
    {
        var folder = TinyModel.Write(PathOf("."), "wan");
        var config = Path.Combine(folder, "vae", "config.json");
        File.WriteAllText(config, File.ReadAllText(config).Replace("AutoencoderKLWan", "AutoencoderKLMochi", StringComparison.Ordinal));
        using var pipeline = Pipeline.Load(folder);
        Assert.Equal([4L, 3, 2, 2], pipeline.LatentSize(new() { Size = new(16, 16, 9) }));
        Assert.Contains("has no autoencoder that is supported", Assert.Throws<InvalidOperationException>(() => pipeline.Decode(zeros([1, 4, 3, 2, 2]))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void APromptMatters()
    {
        using var pipeline = Pipeline.Load(TinyModel.Write(PathOf("."), "sd15"));
        var call = CallOf(pipeline) with { Guidance = 5 };
        Assert.True(Difference(Picture(pipeline, call, "a red coat", null), Picture(pipeline, call, "a blue shoe", null)) > 1e-4);
        Assert.True(Difference(Picture(pipeline, call, "a red coat", null), Picture(pipeline, call, "a red coat", "a blue shoe")) > 1e-4);
        Assert.Equal(0, Difference(Picture(pipeline, call, "a red coat", null), Picture(pipeline, call, "a red coat", "")));
    }

    [Fact]
    public void GuidanceWithoutANegativeConditionIsRefused()
    {
        using var pipeline = Pipeline.Load(TinyModel.Write(PathOf("."), "sd15"));
        var call = CallOf(pipeline) with { Guidance = 5 };
        using var prompts = pipeline.Encode("a red coat");
        var sampler = pipeline.Describe(call).Build();
        var error = Assert.Throws<ArgumentException>(() => sampler.Generate(new() { Condition = prompts.Condition, Size = pipeline.LatentSize(call) }, cancellation: TestContext.Current.CancellationToken));
        Assert.Contains("give SamplingRequest.Negative", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ConditionsThatDoNotFitAreRefusedBeforeTheNetworkMeetsThem()
    {
        using var pipeline = Pipeline.Load(TinyModel.Write(PathOf("."), "sd15"));
        var call = CallOf(pipeline) with { Guidance = 1 };
        var sampler = pipeline.Describe(call).Build();
        using var labels = Conditioning.Labels(3);
        using var wide = new Conditioning(1, (ConditionNames.Text, zeros(1, 7, 99)));
        Assert.Contains("needs 'text' [rows, tokens, 24]", Assert.Throws<ArgumentException>(() => sampler.Generate(new() { Condition = labels, Size = pipeline.LatentSize(call) }, cancellation: TestContext.Current.CancellationToken)).Message, StringComparison.Ordinal);
        Assert.Contains("reads 'text' [rows, tokens, 24]", Assert.Throws<ArgumentException>(() => sampler.Generate(new() { Condition = wide, Size = pipeline.LatentSize(call) }, cancellation: TestContext.Current.CancellationToken)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void SizesThatDoNotFitAreRefusedWithOneThatWould()
    {
        using var pipeline = Pipeline.Load(TinyModel.Write(PathOf("."), "sd15"));
        var error = Assert.Throws<ArgumentException>(() => pipeline.Describe(new() { Size = new(50, 64) }));
        Assert.Contains("multiples of 4; 50×64 was asked for, 48×64 would be near", error.Message, StringComparison.Ordinal);
        Assert.Contains("makes single pictures", Assert.Throws<ArgumentException>(() => pipeline.Describe(new() { Size = new(64, 64, 5) })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ADistilledNetworkIsToldItsScaleAndNotGuidedASecondTime()
    {
        using var pipeline = Pipeline.Load(TinyModel.Write(PathOf("."), "lcm"));
        var call = CallOf(pipeline) with { EmbeddedGuidance = 3 };
        Assert.Equal(1, pipeline.GuidanceOf(call));
        using var prompts = pipeline.Encode("a red coat");
        using var low = pipeline.Complete(prompts.Condition, call);
        using var high = pipeline.Complete(prompts.Condition, call with { EmbeddedGuidance = 12 });

        // sin and cos of 1000·(3 − 1) at frequency 1.
        var embedding = low[ConditionNames.GuidanceEmbedding];
        Assert.Equal(Math.Sin(2000), embedding[0, 0].item<float>(), 1e-4);
        Assert.Equal(Math.Cos(2000), embedding[0, embedding.size(1) / 2].item<float>(), 1e-4);
        using var a = pipeline.Describe(call).Build().Generate(new() { Condition = low, Size = pipeline.LatentSize(call) }, cancellation: TestContext.Current.CancellationToken);
        using var b = pipeline.Describe(call).Build().Generate(new() { Condition = high, Size = pipeline.LatentSize(call) }, cancellation: TestContext.Current.CancellationToken);
        Assert.True(Difference(a.Latents, b.Latents) > 1e-4);
        Assert.Equal(2, a.Trace.Evaluations);
    }

    [Theory]
    [InlineData(128, 1024, 768, 1152, 832)]
    [InlineData(64, 512, 512, 512, 512)]
    [InlineData(32, 100, 400, 128, 512)]
    [InlineData(256, 4096, 1100, 3840, 1024)]
    public void PixArtSamplesTheTrainedSizeNearestInShape(int side, int width, int height, int sampledWidth, int sampledHeight)
    {
        Assert.Equal(new PictureSize(sampledWidth, sampledHeight), PixArtShapes.Nearest(side, new(width, height)));
        Assert.Null(PixArtShapes.Nearest(side + 1, new(width, height)));
    }

    [Fact]
    public void PicturesOfAnotherSizeAreBroughtToItFromTheMiddle()
    {
        var picture = arange(0, 8, 1, ScalarType.Float32).view(1, 1, 1, 8).expand(1, 3, 4, 8);
        var fitted = DecodedPictures.Fitted(picture, new(4, 4));
        Assert.Equal([2f, 3, 4, 5], fitted[0, 0, 0].data<float>().ToArray());
        Assert.Equal([1L, 3, 10, 10], DecodedPictures.Fitted(picture, new(10, 10)).shape);
    }

    private static PipelineCall CallOf(Pipeline pipeline) => new()
    {
        Steps = 2,
        Size = pipeline.Form is WanForm ? new(16, 24, 9) : pipeline.Network.Info.SampleSize.Count > 3 ? pipeline.Form.UsualSize(pipeline.Parts) : pipeline.Form.ReadsPrompts ? new(32, 32) : pipeline.Form.UsualSize(pipeline.Parts),
    };

    private static Tensor Picture(Pipeline pipeline, PipelineCall call, string prompt, string? unwanted)
    {
        using var prompts = pipeline.Encode(prompt);
        using var negative = pipeline.EncodeNegative(unwanted is null ? null : [unwanted], prompts);
        using var result = pipeline.Describe(call).Build().Generate(new() { Condition = prompts.Condition, Negative = negative.Condition, Size = pipeline.LatentSize(call) }, cancellation: TestContext.Current.CancellationToken);
        return pipeline.Decode(result.Latents);
    }

    private static Tensor Sampled(Pipeline pipeline, PipelineCall call, PictureStart start)
    {
        using var prompts = pipeline.Encode("a red coat");
        using var condition = pipeline.Complete(prompts.Condition, call);
        using var result = pipeline.Describe(call, start).Build().Generate(new() { Condition = condition, Size = pipeline.LatentSize(call), Latents = start.Latents, Seed = 4 }, cancellation: TestContext.Current.CancellationToken);
        return result.Latents.clone();
    }
}
