using Acceleration.Models;
using static TorchSharp.torch;

namespace Acceleration.Tests.Docs;

/// <summary>The code of docs/models.md.</summary>
internal static class ModelsCode
{
    public static Tensor WholeModel(string folder, PictureSize size)
    {
        using var pipeline = Pipeline.Load(folder, new() { DType = ScalarType.BFloat16 });
        var call = new PipelineCall { Size = size, Steps = 30 };
        using var prompts = pipeline.Encode("a red coat");
        using var negative = pipeline.EncodeNegative(null, prompts);
        using var condition = pipeline.Complete(prompts.Condition, call);
        using var unwanted = pipeline.Complete(negative.Condition, call);

        var sampler = pipeline.Describe(call).Use(new EasyCache(0.05)).Build();
        using var result = sampler.Generate(new() { Condition = condition, Negative = unwanted, Size = pipeline.LatentSize(call), Seed = 1 });
        using var pictures = pipeline.Decode(result.Latents);
        return pictures.alias();
    }

    public static (Conditioning Condition, Conditioning Unwanted) PartOfAPicture(string folder, PictureSize size, Tensor photo, Tensor mask)
    {
        using var pipeline = Pipeline.Load(folder);
        var call = new PipelineCall { Size = size };
        using var seen = pipeline.EncodePictures(call, (PictureRole.Picture, photo), (PictureRole.Mask, mask));
        using var prompts = pipeline.Encode("a red coat");
        using var negative = pipeline.EncodeNegative(null, prompts);
        using var condition = pipeline.Complete(prompts.Condition, call, seen);
        using var unwanted = pipeline.Complete(negative.Condition, call, seen);
        return (condition.Take([0]), unwanted.Take([0]));
    }
}
