namespace Acceleration.Models;

/// <summary>CogVideoX (Yang et al., arXiv:2408.06072): films.</summary>
public sealed class CogVideoXForm : PipelineForm
{
    /// <inheritdoc/>
    public override IReadOnlyList<string> Names { get; } = ["CogVideoXPipeline"];

    /// <inheritdoc/>
    public override int UsualSteps => 50;

    /// <inheritdoc/>
    public override int UsualFrameScale => 4;

    /// <inheritdoc/>
    public override double UsualGuidance => 6;
}
