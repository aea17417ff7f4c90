using static TorchSharp.torch;

namespace Acceleration.Models;

/// <summary>Stable Diffusion XL (Podell et al., arXiv:2307.01952): the network is told original size, crop and target size.</summary>
public sealed class StableDiffusionXLForm : PipelineForm
{
    private const int PromptLength = 77;

    /// <inheritdoc/>
    public override IReadOnlyList<string> Names { get; } = ["StableDiffusionXLPipeline", "StableDiffusionXLImg2ImgPipeline", "StableDiffusionXLInpaintPipeline"];

    /// <inheritdoc/>
    public override string Network => "unet";

    /// <inheritdoc/>
    public override int UsualSteps => 50;

    /// <inheritdoc/>
    public override double UsualGuidance => 5;

    /// <inheritdoc/>
    public override IReadOnlyList<PictureSpec> Pictures(long latents, long beside) => beside == latents + 1 ? Inpainting.Pictures : [];

    /// <inheritdoc/>
    protected override IEnumerable<(string Name, Tensor Tensor)> Seen(PipelineParts parts, PictureEncoders encoders, IReadOnlyDictionary<PictureRole, Tensor> pictures, PictureSize size) =>
        [(ConditionNames.ImageLatents, Inpainting.MaskAndLatents(encoders, pictures))];

    /// <inheritdoc/>
    protected override IEnumerable<(string Name, Tensor Tensor)> Further(PipelineParts parts, int rows, PipelineCall call, PictureSize size)
    {
        var (original, target) = (call.OriginalSize ?? size, call.TargetSize ?? size);
        return [(ConditionNames.TimeIds, Rows(rows, original.Height, original.Width, call.Crop.Top, call.Crop.Left, target.Height, target.Width))];
    }

    /// <inheritdoc/>
    public override bool SkipsClipLayers => true;

    /// <inheritdoc/>
    public override EncodedPrompts Encode(PromptEncoders text, PipelineParts parts, IReadOnlyList<string> prompts, PipelineCall call)
    {
        // The refiner has the second encoder only.
        using var scope = NewDisposeScope();
        var (second, tokens) = text.Encode(2, prompts, PromptLength, TextLayer.Penultimate(call.ClipSkip));
        if (!text.Has(1))
        {
            return new(new(prompts.Count, (ConditionNames.Text, second.States), (ConditionNames.Pooled, second.Pooled!)), tokens.Cut);
        }

        var (first, firstTokens) = text.Encode(1, prompts, PromptLength, TextLayer.Penultimate(call.ClipSkip));
        using (first)
        using (second.States)
        {
            return new(new(prompts.Count, (ConditionNames.Text, cat([first.States, second.States], 2)), (ConditionNames.Pooled, second.Pooled!)), [.. firstTokens.Cut.Zip(tokens.Cut, Math.Max)]);
        }
    }
}
