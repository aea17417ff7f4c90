using static TorchSharp.torch;

namespace Acceleration.Models;

/// <summary>Latte (Ma et al., arXiv:2401.03048): films, each frame decoded by itself.</summary>
public sealed class LatteForm : PipelineForm
{
    private const int Length = 120;

    /// <inheritdoc/>
    public override IReadOnlyList<string> Names { get; } = ["LattePipeline"];

    /// <inheritdoc/>
    public override int UsualSteps => 50;

    /// <inheritdoc/>
    public override double UsualGuidance => 7.5;

    /// <inheritdoc/>
    public override EncodedPrompts Encode(PromptEncoders text, PipelineParts parts, IReadOnlyList<string> prompts, PipelineCall call)
    {
        using var scope = NewDisposeScope();
        var (encoding, tokens) = text.Encode(1, [.. prompts.Select(p => call.CleansCaptions ? CaptionText.Clean(p) : CaptionText.Plain(p))], Length, masked: true);
        using (encoding)
        {
            var mask = tokens.MaskTensor(encoding.States.device).to(encoding.States.dtype).unsqueeze(2);
            return new(new(prompts.Count, (ConditionNames.Text, encoding.States.mul(mask))), tokens.Cut);
        }
    }
}
