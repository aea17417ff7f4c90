namespace Acceleration.Models;

/// <summary>Pictures of no condition, made of pixels.</summary>
public sealed class UnconditionalForm : PipelineForm
{
    /// <inheritdoc/>
    public override IReadOnlyList<string> Names { get; } = ["DDPMPipeline", "DDIMPipeline"];

    /// <inheritdoc/>
    public override string Network => "unet";

    /// <inheritdoc/>
    public override int UsualSteps => 50;

    /// <inheritdoc/>
    public override int UsualScale => 1;

    /// <inheritdoc/>
    public override bool ReadsPrompts => false;
}
