namespace Acceleration.Models;

/// <summary>Wan 2.1 (Wan team, arXiv:2503.20314): films.</summary>
public sealed class WanForm : PipelineForm
{
    /// <inheritdoc/>
    public override IReadOnlyList<string> Names { get; } = ["WanPipeline", "WanImageToVideoPipeline"];

    /// <inheritdoc/>
    public override int UsualSteps => 50;

    /// <inheritdoc/>
    public override int UsualFrameScale => 4;

    /// <inheritdoc/>
    public override double UsualGuidance => 5;
}
