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
    /// <remarks>Version 1.5 takes latent frames in pairs and was trained on an odd number: one more is sampled than is shown.</remarks>
    public override PictureSize UsualSize(PipelineParts parts)
    {
        ArgumentNullException.ThrowIfNull(parts);
        return base.UsualSize(parts) with { Frames = (int)parts.FilmFrames(Math.Max(1, parts.Network.SampleSize[^3] - parts.Network.FramePatch + 1)) };
    }

    /// <inheritdoc/>
    public override EncodedPrompts Encode(PromptEncoders text, PipelineParts parts, IReadOnlyList<string> prompts)
    {
        using var scope = NewDisposeScope();
        var (encoding, tokens) = text.Encode(1, prompts, Length);
        return new(new(prompts.Count, (ConditionNames.Text, encoding.States)), tokens.Cut);
    }
}
