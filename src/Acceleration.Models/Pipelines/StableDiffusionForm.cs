using static TorchSharp.torch;

namespace Acceleration.Models;

/// <summary>Stable Diffusion 1 and 2 (Rombach et al., arXiv:2112.10752), and latent consistency models of that form (Luo et al., arXiv:2310.04378), which are told their guidance scale.</summary>
public sealed class StableDiffusionForm : PipelineForm
{
    private const int PromptLength = 77;
    private const double EmbeddedScale = 8.5;
    private const double EmbeddingFactor = 1000;

    /// <inheritdoc/>
    public override IReadOnlyList<string> Names { get; } = ["StableDiffusionPipeline", "StableDiffusionImg2ImgPipeline", "StableDiffusionInpaintPipeline", "LatentConsistencyModelPipeline"];

    /// <inheritdoc/>
    public override string Network => "unet";

    /// <inheritdoc/>
    public override int UsualSteps => 50;

    /// <inheritdoc/>
    public override double UsualGuidance => 7.5;

    /// <inheritdoc/>
    public override IReadOnlyList<PictureSpec> Pictures(long latents, long beside) => beside == latents + 1 ? Inpainting.Pictures : [];

    /// <inheritdoc/>
    protected override IEnumerable<(string Name, Tensor Tensor)> Seen(PipelineParts parts, PictureEncoders encoders, IReadOnlyDictionary<PictureRole, Tensor> pictures, PictureSize size) =>
        [(ConditionNames.ImageLatents, Inpainting.MaskAndLatents(encoders, pictures))];

    /// <inheritdoc/>
    protected override IEnumerable<(string Name, Tensor Tensor)> Further(PipelineParts parts, int rows, PipelineCall call, PictureSize size) =>
        parts.Network.Conditions.FirstOrDefault(c => c.Name == ConditionNames.GuidanceEmbedding) is { } embedding
            ? [(ConditionNames.GuidanceEmbedding, Embedding(rows, call.EmbeddedGuidance ?? EmbeddedScale, (int)embedding.Size[^1]))]
            : [];

    /// <summary>The guidance scale, less 1 and times 1000, as sines and cosines.</summary>
    private static Tensor Embedding(int rows, double scale, int width)
    {
        using var sinusoids = new Sinusoids(width, cosinesFirst: false, shift: 1);
        return sinusoids.Apply(Rows(rows, (float)((scale - 1) * EmbeddingFactor)).select(1, 0), ScalarType.Float32);
    }

    /// <inheritdoc/>
    public override bool SkipsClipLayers => true;

    /// <inheritdoc/>
    public override EncodedPrompts Encode(PromptEncoders text, PipelineParts parts, IReadOnlyList<string> prompts, PipelineCall call)
    {
        var (encoding, tokens) = text.Encode(1, prompts, PromptLength, TextLayer.ClipSkip(call.ClipSkip));
        encoding.Pooled?.Dispose();
        return new(new(prompts.Count, (ConditionNames.Text, encoding.States)), tokens.Cut);
    }
}
