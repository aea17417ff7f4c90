using static TorchSharp.torch;

namespace Acceleration.Models;

/// <summary>CogVideoX (Yang et al., arXiv:2408.06072): films.</summary>
public sealed class CogVideoXForm : PipelineForm
{
    private const int Length = 226;

    /// <inheritdoc/>
    public override IReadOnlyList<string> Names { get; } = ["CogVideoXPipeline", "CogVideoXImageToVideoPipeline"];

    /// <inheritdoc/>
    public override int UsualSteps => 50;

    /// <inheritdoc/>
    public override int UsualFrameScale => 4;

    /// <inheritdoc/>
    public override double UsualGuidance => 6;

    /// <inheritdoc/>
    /// <remarks>Version 1.5 takes latent frames in pairs and was trained on an odd number: one more is sampled than is shown.</remarks>
    public override PictureSize UsualSize(PipelineParts parts)
    {
        ArgumentNullException.ThrowIfNull(parts);
        return base.UsualSize(parts) with { Frames = (int)parts.FilmFrames(Math.Max(1, parts.Network.SampleSize[^3] - parts.Network.FramePatch + 1)) };
    }

    /// <inheritdoc/>
    public override IReadOnlyList<PictureSpec> Pictures(long latents, long beside) => beside > 0 ? [new(PictureRole.FirstFrame)] : [];

    /// <summary>The first frame's latents, and zeros behind them.</summary>
    /// <inheritdoc/>
    protected override IEnumerable<(string Name, Tensor Tensor)> Seen(PipelineParts parts, PictureEncoders encoders, IReadOnlyDictionary<PictureRole, Tensor> pictures, PictureSize size)
    {
        var first = encoders.ContinuedLatents(pictures[PictureRole.FirstFrame].Times(2).Plus(-1));
        long[] rest = [first.size(0), first.size(1), LatentSize(parts, size)[1] - 1, first.size(3), first.size(4)];
        return [(ConditionNames.ImageLatents, cat([first, zeros(rest, first.dtype, first.device)], 2))];
    }

    /// <inheritdoc/>
    public override EncodedPrompts Encode(PromptEncoders text, PipelineParts parts, IReadOnlyList<string> prompts, PipelineCall call)
    {
        using var scope = NewDisposeScope();
        var (encoding, tokens) = text.Encode(1, prompts, Length);
        return new(new(prompts.Count, (ConditionNames.Text, encoding.States)), tokens.Cut);
    }
}
