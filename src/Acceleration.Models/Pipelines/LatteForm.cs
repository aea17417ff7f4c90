namespace Acceleration.Models;

/// <summary>Latte (Ma et al., arXiv:2401.03048): films, each frame decoded by itself.</summary>
public sealed class LatteForm : PipelineForm
{
    /// <inheritdoc/>
    public override IReadOnlyList<string> Names { get; } = ["LattePipeline"];

    /// <inheritdoc/>
    public override int UsualSteps => 50;

    /// <inheritdoc/>
    public override double UsualGuidance => 7.5;
}
