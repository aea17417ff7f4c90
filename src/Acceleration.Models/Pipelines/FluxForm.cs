using static TorchSharp.torch;

namespace Acceleration.Models;

/// <summary>FLUX.1 dev and schnell (Black Forest Labs, 2024): the noise levels come from the pipeline, and dev is told its guidance scale.</summary>
public sealed class FluxForm : PipelineForm
{
    private const double EmbeddedScale = 3.5;

    /// <inheritdoc/>
    public override IReadOnlyList<string> Names { get; } = ["FluxPipeline", "FluxImg2ImgPipeline", "FluxInpaintPipeline"];

    /// <inheritdoc/>
    public override int UsualSteps => 28;

    /// <inheritdoc/>
    public override SchedulerCall Schedule(PipelineParts parts, int steps, IReadOnlyList<long> latents) => base.Schedule(parts, steps, latents) with
    {
        Sigmas = [.. Enumerable.Range(0, steps).Select(k => steps == 1 ? 1 : 1 + ((1.0 / steps) - 1) * k / (steps - 1))],
    };

    /// <inheritdoc/>
    protected override IEnumerable<(string Name, Tensor Tensor)> Further(PipelineParts parts, int rows, PipelineCall call, PictureSize size) => parts.Reads(ConditionNames.Guidance)
        ? [(ConditionNames.Guidance, KeptScalars.Full([rows], call.EmbeddedGuidance ?? EmbeddedScale, ScalarType.Float32, CPU))]
        : [];
}
