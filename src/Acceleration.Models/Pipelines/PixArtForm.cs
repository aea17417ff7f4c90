using static TorchSharp.torch;

namespace Acceleration.Models;

/// <summary>PixArt-α and Σ (Chen et al., arXiv:2310.00426 and 2403.04692). The larger α networks are told resolution and aspect ratio.</summary>
public sealed class PixArtForm : PipelineForm
{
    private const string Sigma = "PixArtSigmaPipeline";
    private const int AlphaLength = 120;
    private const int SigmaLength = 300;

    /// <inheritdoc/>
    public override IReadOnlyList<string> Names { get; } = ["PixArtAlphaPipeline", "PixArtSigmaPipeline"];

    /// <inheritdoc/>
    public override int UsualSteps => 20;

    /// <inheritdoc/>
    public override double UsualGuidance => 4.5;

    /// <inheritdoc/>
    public override PictureSize SampledSize(PipelineParts parts, PipelineCall call, PictureSize size) =>
        (call.UsesTrainedShape ? PixArtShapes.Nearest(parts.Network.SampleSize[^1], size) : null) ?? size;

    /// <inheritdoc/>
    protected override IEnumerable<(string Name, Tensor Tensor)> Further(PipelineParts parts, int rows, PipelineCall call, PictureSize size) => parts.Reads(ConditionNames.Resolution)
        ? [(ConditionNames.Resolution, Rows(rows, size.Height, size.Width)), (ConditionNames.AspectRatio, Rows(rows, (float)size.Height / size.Width))]
        : [];

    /// <inheritdoc/>
    public override EncodedPrompts Encode(PromptEncoders text, PipelineParts parts, IReadOnlyList<string> prompts, PipelineCall call)
    {
        using var scope = NewDisposeScope();
        var length = parts.Pipeline == Sigma ? SigmaLength : AlphaLength;
        var (encoding, tokens) = text.Encode(1, [.. prompts.Select(p => call.CleansCaptions ? CaptionText.Clean(p) : CaptionText.Plain(p))], length, masked: true);
        return new(new(prompts.Count, (ConditionNames.Text, encoding.States), (ConditionNames.TextMask, tokens.MaskTensor())), tokens.Cut);
    }
}
