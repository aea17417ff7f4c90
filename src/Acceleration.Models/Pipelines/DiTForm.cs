namespace Acceleration.Models;

/// <summary>Pictures of a class (Peebles and Xie, arXiv:2212.09748).</summary>
public sealed class DiTForm : PipelineForm
{
    /// <inheritdoc/>
    public override IReadOnlyList<string> Names { get; } = ["DiTPipeline"];

    /// <inheritdoc/>
    public override int UsualSteps => 50;

    /// <inheritdoc/>
    public override double UsualGuidance => 4;

    /// <inheritdoc/>
    public override bool ReadsPrompts => false;
}
