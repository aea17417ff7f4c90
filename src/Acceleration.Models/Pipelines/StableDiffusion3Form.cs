using static TorchSharp.torch;

namespace Acceleration.Models;

/// <summary>Stable Diffusion 3 and 3.5 (Esser et al., arXiv:2403.03206).</summary>
public sealed class StableDiffusion3Form : PipelineForm
{
    private const int ClipLength = 77;
    private const int T5Length = 256;

    /// <inheritdoc/>
    public override IReadOnlyList<string> Names { get; } = ["StableDiffusion3Pipeline", "StableDiffusion3Img2ImgPipeline", "StableDiffusion3InpaintPipeline"];

    /// <inheritdoc/>
    public override int UsualSteps => 28;

    /// <inheritdoc/>
    public override double UsualGuidance => 7;

    /// <inheritdoc/>
    public override bool SkipsClipLayers => true;

    /// <inheritdoc/>
    public override EncodedPrompts Encode(PromptEncoders text, PipelineParts parts, IReadOnlyList<string> prompts, PipelineCall call)
    {
        using var scope = NewDisposeScope();
        var width = parts.Network.Conditions.Single(c => c.Name == ConditionNames.Text).Size[^1];
        var (first, firstTokens) = text.Encode(1, prompts, ClipLength, TextLayer.Penultimate(call.ClipSkip));
        var (second, secondTokens) = text.Encode(2, prompts, ClipLength, TextLayer.Penultimate(call.ClipSkip));
        using (first)
        using (second)
        {
            // The two of CLIP side by side, filled up with zeros to T5's width, then T5's after them.
            var clip = cat([first.States, second.States], 2);
            var filled = cat([clip, zeros([clip.size(0), clip.size(1), width - clip.size(2)], clip.dtype, clip.device)], 2);
            var (t5, t5Cut) = T5(text, prompts, width, clip);
            return new(
                new(prompts.Count, (ConditionNames.Text, cat([filled, t5], 1)), (ConditionNames.Pooled, cat([first.Pooled!, second.Pooled!], 1))),
                [.. firstTokens.Cut.Zip(secondTokens.Cut, Math.Max).Zip(t5Cut, Math.Max)]);
        }
    }

    /// <summary>Zeros where the model is used without its largest encoder.</summary>
    private static (Tensor States, IReadOnlyList<int> Cut) T5(PromptEncoders text, IReadOnlyList<string> prompts, long width, Tensor like)
    {
        if (!text.Has(3))
        {
            return (zeros([prompts.Count, ClipLength, width], like.dtype, like.device), [.. prompts.Select(_ => 0)]);
        }

        var (encoding, tokens) = text.Encode(3, prompts, T5Length);
        using (encoding)
        {
            return (encoding.States.to(like.dtype).clone(), tokens.Cut);
        }
    }

    /// <summary>The steps that are left out are rounded down here.</summary>
    /// <inheritdoc/>
    public override int StepsFrom(int steps, double strength) => steps - (int)(steps - (steps * strength));
}
