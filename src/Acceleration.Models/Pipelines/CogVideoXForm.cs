using static TorchSharp.torch;

namespace Acceleration.Models;

/// <summary>CogVideoX (Yang et al., arXiv:2408.06072): films.</summary>
public sealed class CogVideoXForm : PipelineForm
{
    private const int Length = 226;

    /// <inheritdoc/>
    public override IReadOnlyList<string> Names { get; } = ["CogVideoXPipeline"];

    /// <inheritdoc/>
    public override int UsualSteps => 50;

    /// <inheritdoc/>
    public override int UsualFrameScale => 4;

    /// <inheritdoc/>
    public override double UsualGuidance => 6;

    /// <inheritdoc/>
    public override EncodedPrompts Encode(PromptEncoders text, PipelineParts parts, IReadOnlyList<string> prompts, PipelineCall call)
    {
        using var scope = NewDisposeScope();
        var (encoding, tokens) = text.Encode(1, prompts, Length);
        return new(new(prompts.Count, (ConditionNames.Text, encoding.States)), tokens.Cut);
    }
}
