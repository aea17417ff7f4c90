using Acceleration.Models;
using static TorchSharp.torch;

namespace Acceleration.Tests.Models;

/// <summary>Networks that are conditioned on pictures: what they read is what their makers' pipelines make, and both branches read it.</summary>
public sealed class PicturesTests : ModelTest
{
    private const int Scale = 4;

    private static readonly PipelineCall Call = new() { Steps = 2, Size = new(24, 16) };

    [Theory]
    [InlineData("sd15-inpaint")]
    [InlineData("sdxl-inpaint")]
    public void AUNetOfNineChannelsReadsTheMaskAndThePictureWithoutThatPart(string family)
    {
        using var pipeline = Pipeline.Load(TinyModel.Write(PathOf("."), family));
        var (picture, mask) = (Picture(1), Picture(2, 1));
        using var seen = pipeline.EncodePictures(Call, (PictureRole.Mask, mask), (PictureRole.Picture, picture));
        var latents = seen[ConditionNames.ImageLatents];

        Assert.Equal([1L, 5, 4, 6], latents.shape);
        Assert.Equal(0, Difference(latents.narrow(1, 1, 4), pipeline.Autoencoder!.Encode(Without(picture, mask))));
        for (var i = 0; i < 4; i++)
        {
            for (var j = 0; j < 6; j++)
            {
                Assert.Equal(mask[0, 0, Scale * i, Scale * j].item<float>() >= 0.5f ? 1 : 0, latents[0, 0, i, j].item<float>());
            }
        }
    }

    [Fact]
    public void FluxFillReadsThePictureAndEveryPixelOfTheMask()
    {
        using var pipeline = Pipeline.Load(TinyModel.Write(PathOf("."), "flux-fill"));
        var (picture, mask) = (Picture(1), Picture(2, 1));
        using var seen = pipeline.EncodePictures(Call, (PictureRole.Picture, picture), (PictureRole.Mask, mask));
        var latents = seen[ConditionNames.ImageLatents];

        Assert.Equal([1L, 4 + (Scale * Scale), 4, 6], latents.shape);
        Assert.Equal(0, Difference(latents.narrow(1, 0, 4), pipeline.Autoencoder!.Encode(Without(picture, mask))));
        for (var y = 0; y < 16; y++)
        {
            for (var x = 0; x < 24; x++)
            {
                Assert.Equal(mask[0, 0, y, x].item<float>() >= 0.5f ? 1 : 0, latents[0, 4 + (y % Scale * Scale) + (x % Scale), y / Scale, x / Scale].item<float>());
            }
        }
    }

    [Fact]
    public void FluxControlReadsThePicture()
    {
        using var pipeline = Pipeline.Load(TinyModel.Write(PathOf("."), "flux-control"));
        var picture = Picture(1);
        using var seen = pipeline.EncodePictures(Call, (PictureRole.Control, picture));
        Assert.Equal(0, Difference(seen[ConditionNames.ImageLatents], pipeline.Autoencoder!.Encode((picture * 2) - 1)));
        using var prompts = pipeline.Encode("a coat");
        using var condition = pipeline.Complete(prompts.Condition, Call, seen);
        Assert.Equal(3.5f, condition[ConditionNames.Guidance].item<float>());
    }

    [Fact]
    public void FluxFillIsToldAnotherScaleThanDev()
    {
        using var pipeline = Pipeline.Load(TinyModel.Write(PathOf("."), "flux-fill"));
        using var seen = pipeline.EncodePictures(Call, (PictureRole.Picture, Picture(1)), (PictureRole.Mask, Picture(2, 1)));
        using var prompts = pipeline.Encode("a coat");
        using var condition = pipeline.Complete(prompts.Condition, Call, seen);
        Assert.Equal(30, condition[ConditionNames.Guidance].item<float>());
        Assert.Equal(50, pipeline.Form.UsualSteps);
    }

    [Theory]
    [InlineData("sd15-inpaint")]
    [InlineData("flux-fill")]
    public void WhatIsUnderTheMaskDoesNotMatterAndTheRestDoes(string family)
    {
        using var pipeline = Pipeline.Load(TinyModel.Write(PathOf("."), family));
        var (picture, mask) = (Picture(1), Picture(2, 1));
        var hole = mask.ge(0.5);
        var made = Sampled(pipeline, picture, mask);

        Assert.Equal(0, Difference(made, Sampled(pipeline, where(hole, picture * 0.3, picture), mask)));
        Assert.True(Difference(made, Sampled(pipeline, where(hole, picture, picture * 0.3), mask)) > 1e-4);
        Assert.True(Difference(made, Sampled(pipeline, picture, 1 - mask)) > 1e-4);
    }

    [Fact]
    public void PromptsShareAPictureOrBringOneEach()
    {
        using var pipeline = Pipeline.Load(TinyModel.Write(PathOf("."), "sd15-inpaint"));
        var (picture, mask) = (cat([Picture(1), Picture(3)], 0), Picture(2, 1));
        using var both = pipeline.EncodePictures(Call, (PictureRole.Picture, picture), (PictureRole.Mask, mask));
        using var first = pipeline.EncodePictures(Call, (PictureRole.Picture, picture[..1]), (PictureRole.Mask, mask));
        using var prompts = pipeline.Encode("a red coat", "two shoes");
        using var one = pipeline.Encode("a red coat");
        using var each = pipeline.Complete(prompts.Condition, Call, both);
        using var shared = pipeline.Complete(prompts.Condition, Call, first);
        using var alone = pipeline.Complete(one.Condition, Call, both);

        Assert.Equal((2, 2, 2), (each.Rows, shared.Rows, alone.Rows));
        Assert.InRange(Difference(Sampled(pipeline, each)[..1], Sampled(pipeline, shared)[..1]), 0, 1e-4);
        Assert.True(Difference(Sampled(pipeline, each)[1..], Sampled(pipeline, shared)[1..]) > 1e-4);
        Assert.InRange(Difference(Sampled(pipeline, each)[..1], Sampled(pipeline, alone)[..1]), 0, 1e-4);
    }

    [Fact]
    public void PicturesThatDoNotFitAreRefused()
    {
        using var pipeline = Pipeline.Load(TinyModel.Write(PathOf("."), "sd15-inpaint"));
        var (picture, mask) = (Picture(1), Picture(2, 1));
        Assert.Contains("reads a picture, a mask; a mask was not given", Refused((PictureRole.Picture, picture)), StringComparison.Ordinal);
        Assert.Contains("nothing was given", Refused(), StringComparison.Ordinal);
        Assert.Contains("a control picture was given", Refused((PictureRole.Picture, picture), (PictureRole.Mask, mask), (PictureRole.Control, picture)), StringComparison.Ordinal);
        Assert.Contains("a mask was given 2 times", Refused((PictureRole.Picture, picture), (PictureRole.Mask, mask), (PictureRole.Mask, mask)), StringComparison.Ordinal);
        Assert.Contains("a mask must be [1 or 1, 1, 16, 24]", Refused((PictureRole.Picture, picture), (PictureRole.Mask, picture)), StringComparison.Ordinal);
        Assert.Contains("a picture must be [3 or 1, 3, 16, 24]", Refused((PictureRole.Picture, picture.expand(2, 3, 16, 24)), (PictureRole.Mask, mask.expand(3, 1, 16, 24))), StringComparison.Ordinal);
        Assert.Contains("multiples of 4", Assert.Throws<ArgumentException>(() => pipeline.EncodePictures(Call with { Size = new(25, 16) }, (PictureRole.Picture, picture), (PictureRole.Mask, mask))).Message, StringComparison.Ordinal);

        using var prompts = pipeline.Encode("one", "two", "three");
        Assert.Contains("reads a picture, a mask: give what EncodePictures makes of it", Assert.Throws<ArgumentException>(() => pipeline.Complete(prompts.Condition, Call)).Message, StringComparison.Ordinal);
        using var two = pipeline.EncodePictures(Call, (PictureRole.Picture, picture.expand(2, 3, 16, 24)), (PictureRole.Mask, mask));
        Assert.Contains("3 prompts and 2 pictures", Assert.Throws<ArgumentException>(() => pipeline.Complete(prompts.Condition, Call, two)).Message, StringComparison.Ordinal);

        string Refused(params (PictureRole, Tensor)[] pictures) => Assert.Throws<ArgumentException>(() => pipeline.EncodePictures(Call, pictures)).Message;
    }

    [Fact]
    public void ModelsWithoutSuchANetworkReadNone()
    {
        using var pipeline = Pipeline.Load(TinyModel.Write(PathOf("."), "sd15"));
        Assert.Empty(pipeline.Pictures);
        Assert.Contains("reads no pictures beside its latents", Assert.Throws<ArgumentException>(() => pipeline.EncodePictures(Call, (PictureRole.Picture, Picture(1)))).Message, StringComparison.Ordinal);
        Assert.Contains("reads no pictures beside its latents", Assert.Throws<ArgumentException>(() => pipeline.EncodePictures(Call)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("sd15", "")]
    [InlineData("ddpm", "")]
    [InlineData("pixart", "")]
    [InlineData("sd15-inpaint", "a picture, a mask")]
    [InlineData("flux-fill", "a picture, a mask")]
    [InlineData("flux-control", "a control picture")]
    public void TheFilesOfAModelTellItsPicturesWithoutLoadingIt(string family, string expected)
    {
        var folder = TinyModel.Write(PathOf("."), family);
        Assert.Equal(expected, string.Join(", ", Pipeline.PicturesOf(folder)));
        using var pipeline = Pipeline.Load(folder);
        Assert.Equal(expected, string.Join(", ", pipeline.Pictures));
    }

    [Fact]
    public void AnAutoencoderOfAnotherModelIsRefused()
    {
        var folder = TinyModel.Write(PathOf("."), "flux-fill");
        var (transformer, other) = (Path.Combine(folder, "transformer"), Path.Combine(TinyModel.Write(PathOf("."), "flux-control"), "transformer"));
        Directory.Delete(transformer, recursive: true);
        Directory.Move(other, transformer);
        using var pipeline = Pipeline.Load(folder);
        var error = Assert.Throws<InvalidOperationException>(() => pipeline.EncodePictures(Call, (PictureRole.Picture, Picture(1)), (PictureRole.Mask, Picture(2, 1))));
        Assert.Contains("reads 4 channels beside its latents; its autoencoder makes 20", error.Message, StringComparison.Ordinal);
    }

    private static Tensor Picture(ulong seed, int channels = 3) => Normal(seed, 1, channels, 16, 24).cpu().sigmoid();

    /// <summary>In [−1, 1], with grey where the mask is at least one half.</summary>
    private static Tensor Without(Tensor picture, Tensor mask) => where(mask.ge(0.5), zeros_like(picture), (picture * 2) - 1);

    private static Tensor Sampled(Pipeline pipeline, Tensor picture, Tensor mask)
    {
        using var seen = pipeline.EncodePictures(Call, (PictureRole.Picture, picture), (PictureRole.Mask, mask));
        using var prompts = pipeline.Encode("a red coat");
        using var condition = pipeline.Complete(prompts.Condition, Call, seen);
        using var negative = pipeline.EncodeNegative(null, prompts);
        using var unwanted = pipeline.Complete(negative.Condition, Call, seen);
        return Sampled(pipeline, condition, unwanted);
    }

    private static Tensor Sampled(Pipeline pipeline, Conditioning condition, Conditioning? unwanted = null)
    {
        var call = unwanted is null ? Call with { Guidance = 1 } : Call;
        using var result = pipeline.Describe(call).Build().Generate(new() { Condition = condition, Negative = pipeline.GuidanceOf(call) == 1 ? null : unwanted, Size = pipeline.LatentSize(call), Seed = 3 }, cancellation: TestContext.Current.CancellationToken);
        return result.Latents.alias();
    }
}
