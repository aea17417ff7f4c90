using static TorchSharp.torch;

namespace Acceleration.Models;

/// <summary>PixArt-α and Σ (Chen et al., arXiv:2310.00426 and 2403.04692). The larger α networks are told resolution and aspect ratio.</summary>
public sealed class PixArtForm : PipelineForm
{
    /// <inheritdoc/>
    public override IReadOnlyList<string> Names { get; } = ["PixArtAlphaPipeline", "PixArtSigmaPipeline"];

    /// <inheritdoc/>
    public override int UsualSteps => 20;

    /// <inheritdoc/>
    public override double UsualGuidance => 4.5;

    /// <inheritdoc/>
    protected override IEnumerable<(string Name, Tensor Tensor)> Further(PipelineParts parts, int rows, PipelineCall call, PictureSize size) => parts.Reads(ConditionNames.Resolution)
        ? [(ConditionNames.Resolution, Rows(rows, size.Height, size.Width)), (ConditionNames.AspectRatio, Rows(rows, (float)size.Height / size.Width))]
        : [];
}
