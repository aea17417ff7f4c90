using static TorchSharp.torch;

namespace Acceleration.Models;

/// <summary>FLUX.1 dev and schnell (Black Forest Labs, 2024): the noise levels come from the pipeline, and dev is told its guidance scale.</summary>
public class FluxForm : PipelineForm
{
    private const int ClipLength = 77;
    private const int T5Length = 512;

    /// <inheritdoc/>
    public override IReadOnlyList<string> Names { get; } = ["FluxPipeline", "FluxImg2ImgPipeline", "FluxInpaintPipeline"];

    /// <inheritdoc/>
    public override int UsualSteps => 28;

    /// <summary>The scale that the network is told where none is asked for.</summary>
    protected virtual double UsualEmbeddedGuidance => 3.5;

    /// <inheritdoc/>
    public override SchedulerCall Schedule(PipelineParts parts, int steps, IReadOnlyList<long> latents) => base.Schedule(parts, steps, latents) with
    {
        Sigmas = [.. Enumerable.Range(0, steps).Select(k => steps == 1 ? 1 : 1 + ((1.0 / steps) - 1) * k / (steps - 1))],
    };

    /// <inheritdoc/>
    protected override IEnumerable<(string Name, Tensor Tensor)> Further(PipelineParts parts, int rows, PipelineCall call, PictureSize size) => parts.Reads(ConditionNames.Guidance)
        ? [(ConditionNames.Guidance, Rows(rows, (float)(call.EmbeddedGuidance ?? UsualEmbeddedGuidance)).select(1, 0))]
        : [];

    /// <inheritdoc/>
    public override EncodedPrompts Encode(PromptEncoders text, PipelineParts parts, IReadOnlyList<string> prompts, PipelineCall call)
    {
        using var scope = NewDisposeScope();
        var (clip, _) = text.Encode(1, prompts, ClipLength);
        var (t5, tokens) = text.Encode(2, prompts, T5Length);
        using (clip.States)
        {
            return new(new(prompts.Count, (ConditionNames.Text, t5.States), (ConditionNames.Pooled, clip.Pooled!)), tokens.Cut);
        }
    }

    /// <summary>The steps that are left out are rounded down here.</summary>
    /// <inheritdoc/>
    public override int StepsFrom(int steps, double strength) => steps - (int)(steps - (steps * strength));
}
