using static TorchSharp.torch;

namespace Acceleration.Models;

/// <summary>Wan 2.1 (Wan team, arXiv:2503.20314): films.</summary>
public sealed class WanForm : PipelineForm
{
    private const int Length = 512;

    /// <inheritdoc/>
    public override IReadOnlyList<string> Names { get; } = ["WanPipeline", "WanImageToVideoPipeline"];

    /// <inheritdoc/>
    public override int UsualSteps => 50;

    /// <inheritdoc/>
    public override int UsualFrameScale => 4;

    /// <inheritdoc/>
    public override double UsualGuidance => 5;

    /// <inheritdoc/>
    public override EncodedPrompts Encode(PromptEncoders text, PipelineParts parts, IReadOnlyList<string> prompts, PipelineCall call)
    {
        using var scope = NewDisposeScope();
        var (encoding, tokens) = text.Encode(1, [.. prompts.Select(PromptText.Cleaned)], Length, masked: true);
        using (encoding)
        {
            // What lies behind a text is zeros, not the encoder's states of padding.
            var mask = tokens.MaskTensor(encoding.States.device).to(encoding.States.dtype).unsqueeze(2);
            return new(new(prompts.Count, (ConditionNames.Text, encoding.States.mul(mask))), tokens.Cut);
        }
    }
}
