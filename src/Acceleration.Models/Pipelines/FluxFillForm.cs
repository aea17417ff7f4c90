using static TorchSharp.torch;

namespace Acceleration.Models;

/// <summary>FLUX.1 Fill (Black Forest Labs, 2024): makes a part of a picture anew.</summary>
public sealed class FluxFillForm : FluxForm
{
    /// <inheritdoc/>
    public override IReadOnlyList<string> Names { get; } = ["FluxFillPipeline"];

    /// <inheritdoc/>
    public override int UsualSteps => 50;

    /// <inheritdoc/>
    protected override double UsualEmbeddedGuidance => 30;

    /// <inheritdoc/>
    public override IReadOnlyList<PictureSpec> Pictures(long latents, long beside) => beside > 0 ? Inpainting.Pictures : [];

    /// <inheritdoc/>
    protected override IEnumerable<(string Name, Tensor Tensor)> Seen(PipelineParts parts, PictureEncoders encoders, IReadOnlyDictionary<PictureRole, Tensor> pictures, PictureSize size) =>
        [(ConditionNames.ImageLatents, Inpainting.LatentsAndFoldedMask(encoders, pictures))];
}
