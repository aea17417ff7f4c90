namespace Acceleration.Models;

/// <summary>Stable Diffusion 3 and 3.5 (Esser et al., arXiv:2403.03206).</summary>
public sealed class StableDiffusion3Form : PipelineForm
{
    /// <inheritdoc/>
    public override IReadOnlyList<string> Names { get; } = ["StableDiffusion3Pipeline", "StableDiffusion3Img2ImgPipeline", "StableDiffusion3InpaintPipeline"];

    /// <inheritdoc/>
    public override int UsualSteps => 28;

    /// <inheritdoc/>
    public override double UsualGuidance => 7;
}
