using static TorchSharp.torch;

namespace Acceleration.Models;

/// <summary>FLUX.1 Canny and Depth (Black Forest Labs, 2024): pictures of given edges or depths. Their makers tell them a guidance scale of 30 (Canny) and 10 (Depth).</summary>
public sealed class FluxControlForm : FluxForm
{
    /// <inheritdoc/>
    public override IReadOnlyList<string> Names { get; } = ["FluxControlPipeline"];

    /// <inheritdoc/>
    public override IReadOnlyList<PictureSpec> Pictures(long latents, long beside) => beside > 0 ? [new(PictureRole.Control)] : [];

    /// <inheritdoc/>
    protected override IEnumerable<(string Name, Tensor Tensor)> Seen(PipelineParts parts, PictureEncoders encoders, IReadOnlyDictionary<PictureRole, Tensor> pictures, PictureSize size) =>
        [(ConditionNames.ImageLatents, encoders.Latents(pictures[PictureRole.Control].Times(2).Plus(-1)))];
}
