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
    public override IReadOnlyList<PictureSpec> Pictures(long latents, long beside) => beside > 0 ? [new(PictureRole.FirstFrame), new(PictureRole.LastFrame) { IsOptional = true }] : [];

    /// <summary>Which frames are given, and the latents of a film of these and grey ones; and what the image encoder sees in them, in networks that read it.</summary>
    /// <inheritdoc/>
    protected override IEnumerable<(string Name, Tensor Tensor)> Seen(PipelineParts parts, PictureEncoders encoders, IReadOnlyDictionary<PictureRole, Tensor> pictures, PictureSize size)
    {
        var (first, last) = (pictures[PictureRole.FirstFrame], pictures.GetValueOrDefault(PictureRole.LastFrame));
        if (last is not null && size.Frames == 1)
        {
            throw new ArgumentException("A film of one frame has no last one.", nameof(last));
        }

        if (parts.Network.Conditions.FirstOrDefault(c => c.Name == ConditionNames.Image) is { } image)
        {
            yield return (ConditionNames.Image, WanFrames.Seen(encoders, first, last, image));
        }

        yield return (ConditionNames.ImageLatents, WanFrames.Condition(encoders, first, last, size, parts.FrameScale));
    }

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
