using static TorchSharp.torch;

namespace Acceleration.Models;

/// <summary>
/// PixArt-α and PixArt-Σ (Chen et al., arXiv:2310.00426 and arXiv:2403.04692): diffusion transformers with attention to a text and one modulation layer for all blocks (adaLN-single). They predict noise.
/// Conditions: <c>text</c> (T5), <c>text_mask</c> where some of its tokens do not count, and, in networks that embed sizes, <c>resolution</c> and <c>aspect_ratio</c>, those of the latents at 8 pixels each unless given.
/// </summary>
/// <remarks>The unconditional branch comes with the request: the encoded empty or negative prompt.</remarks>
public sealed class PixArt : IDenoiser
{
    private const double Dropped = -10000;
    private const int PixelsPerLatent = 8;

    private readonly PixArtNetwork _network;
    private readonly NetworkInputs _inputs;

    private PixArt(NetworkSource source)
    {
        _network = PixArtLoader.Load(source.File, source.Options);
        var c = _network.Config;
        Info = source.Describe(_network.Sites.Map, _network.Device, [c.Channels, c.Side, c.Side], PredictionType.Epsilon, NoiseTable.Make(BetaSchedule.Linear)) with
        {
            Patch = c.Patch,
            NegativeComesWithRequest = true,
            Conditions = [.. Conditions(c)],
        };
        _inputs = new(Info);
    }

    /// <inheritdoc/>
    public DenoiserInfo Info { get; }

    /// <summary>
    /// Loads a PixArtTransformer2DModel, or the Transformer2DModel that it was first published as, with the parameter names of diffusers (<c>transformer_blocks.0.attn1.to_q.weight</c>), under any prefix.
    /// </summary>
    /// <param name="path">A .safetensors file, the .safetensors.index.json of a sharded one, or a folder that holds one of either: <see cref="Checkpoint.Open"/>. Weights that keep their stored type are views of the file, which must not shrink while the network lives.</param>
    /// <param name="options">Type and device; null for float32 on the CPU.</param>
    /// <exception cref="CheckpointException">
    /// A file is malformed, is no PixArt network, lacks tensors or has others, or its configuration asks for something this class does not compute.
    /// </exception>
    public static PixArt Load(string path, NetworkOptions? options = null) => NetworkSource.Open(path, options, Load);

    /// <summary>Loads an open checkpoint, which stays the caller's.</summary>
    /// <inheritdoc cref="Load(string, NetworkOptions?)"/>
    public static PixArt Load(ICheckpoint file, NetworkOptions? options = null) => new(NetworkSource.Of(file, options));

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">Latents, times, conditions or the evaluation's rows do not fit each other or the network.</exception>
    public Tensor Predict(Tensor latents, Tensor timestep, Conditioning condition, Evaluation evaluation)
    {
        using var scope = NewDisposeScope();
        var c = _network.Config;
        var x = _inputs.Latents(latents, evaluation);
        var time = _inputs.Times(timestep, evaluation);
        var text = _inputs.Get(condition, ConditionNames.Text, evaluation);

        // Added to scores: much less than nothing for tokens that do not count. Where none counts, all do alike, as in training.
        var bias = _inputs.TextMask(condition, text, evaluation)?.Times(-Dropped).Plus(Dropped).InType(_network.DType);
        var (resolution, aspect) = Sizes(condition, evaluation, x);
        var (high, wide) = ((int)x.size(2) / c.Patch, (int)x.size(3) / c.Patch);
        evaluation.Layout = new(1, high, wide);

        var (embedding, modulation, output) = _network.Conditioner.Compute(time, resolution, aspect);
        var call = new PixArtCall(_network, 0, modulation, _network.Captions(text), bias);
        var h = _network.Patches.Apply(x).Increase(_network.Positions.For(high, wide));
        evaluation.Publish(Signal.TimeEmbedding, h, embedding, static (_, s, _) => s);
        evaluation.Publish(Signal.ModulatedInput, h, call, static (h, s, e) => AdaLnForward.AttentionInput(h.Main, s, e));
        h = evaluation.Chain(_network.Sites.Chain, h, call, static (h, i, s, e) => (s with { Index = i }).Run(h, e)).Main;

        using var final = _network.OutputNorm.Modulated(h, output.select(1, 0), output.select(1, 1));
        using var patches = _network.Output.Apply(final);
        return PatchEmbedding.Assemble(patches, high, wide, c.Patch).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public void Dispose() => _network.Dispose();

    private static IEnumerable<ConditionSpec> Conditions(PixArtConfig c)
    {
        yield return new(ConditionNames.Text, c.UsualText, c.TextWidth) { IsSequence = true };
        yield return new(ConditionNames.TextMask, c.UsualText) { IsSequence = true, IsOptional = true, DType = ScalarType.Bool };
        if (c.Sized)
        {
            yield return new(ConditionNames.Resolution, 2) { IsOptional = true };
            yield return new(ConditionNames.AspectRatio, 1) { IsOptional = true };
        }
    }

    private (Tensor? Resolution, Tensor? AspectRatio) Sizes(Conditioning condition, Evaluation evaluation, Tensor latents)
    {
        if (!_network.Config.Sized)
        {
            return (null, null);
        }

        long rows = evaluation.Rows.Count, high = PixelsPerLatent * latents.size(2), wide = PixelsPerLatent * latents.size(3);
        return (
            _inputs.Find(condition, ConditionNames.Resolution, evaluation) ?? tensor([(double)high, wide], ScalarType.Float32, _network.Device).expand(rows, 2),
            _inputs.Find(condition, ConditionNames.AspectRatio, evaluation) ?? KeptScalars.Full([rows, 1], (double)high / wide, ScalarType.Float32, _network.Device));
    }
}
