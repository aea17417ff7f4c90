using static TorchSharp.torch;

namespace Acceleration.Models;

/// <summary>Stable Diffusion XL (Podell et al., arXiv:2307.01952): the network is told original size, crop and target size.</summary>
public sealed class StableDiffusionXLForm : PipelineForm
{
    /// <inheritdoc/>
    public override IReadOnlyList<string> Names { get; } = ["StableDiffusionXLPipeline", "StableDiffusionXLImg2ImgPipeline", "StableDiffusionXLInpaintPipeline"];

    /// <inheritdoc/>
    public override string Network => "unet";

    /// <inheritdoc/>
    public override int UsualSteps => 50;

    /// <inheritdoc/>
    public override double UsualGuidance => 5;

    /// <inheritdoc/>
    protected override IEnumerable<(string Name, Tensor Tensor)> Further(PipelineParts parts, int rows, PipelineCall call, PictureSize size)
    {
        var (original, target) = (call.OriginalSize ?? size, call.TargetSize ?? size);
        return [(ConditionNames.TimeIds, Rows(rows, original.Height, original.Width, call.Crop.Top, call.Crop.Left, target.Height, target.Width))];
    }
}
