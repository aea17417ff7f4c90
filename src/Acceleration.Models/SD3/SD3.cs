using static TorchSharp.torch;

namespace Acceleration.Models;

/// <summary>
/// Stable Diffusion 3 and 3.5 (Esser et al., "Scaling Rectified Flow Transformers for High-Resolution Image Synthesis", arXiv:2403.03206): a flow network whose blocks join an image and a text stream in one
/// attention. Conditions: <c>text</c> (CLIP and T5, one after the other), <c>pooled</c> (both CLIP encoders), and in networks with more input than output channels <c>image_latents</c>.
/// </summary>
/// <remarks>
/// The last block takes the text in and leaves it as it is. Leaving blocks out for one guidance branch (<c>skip_layers</c>) is <see cref="SkipLayerGuidance"/>.
/// </remarks>
public sealed class SD3 : IDenoiser
{
    private readonly SD3Network _network;
    private readonly NetworkInputs _inputs;

    private SD3(NetworkSource source)
    {
        _network = SD3Loader.Load(source.File, source.Options);
        var c = _network.Config;
        ConditionSpec[] conditions = [new(ConditionNames.Text, SD3Config.UsualText, c.TextWidth) { IsSequence = true }, new(ConditionNames.Pooled, c.PooledWidth)];
        var side = c.Side / c.Patch * c.Patch;
        Info = source.Describe(_network.Sites.Map, _network.Device, [c.Channels, side, side], PredictionType.Flow) with
        {
            Patch = c.Patch,
            NegativeComesWithRequest = true,
            Conditions = c.Beside == 0 ? conditions : [.. conditions, new(ConditionNames.ImageLatents, c.Beside, side, side) { FollowsLatents = true }],
        };
        _inputs = new(Info);
    }

    /// <inheritdoc/>
    public DenoiserInfo Info { get; }

    /// <summary>
    /// Loads an SD3Transformer2DModel with the parameter names of diffusers (<c>transformer_blocks.0.attn.to_q.weight</c>), under any prefix. Its position table is cut to the size of the latents: sizes beyond the
    /// table are refused.
    /// </summary>
    /// <param name="path">A .safetensors file, the .safetensors.index.json of a sharded one, or a folder that holds one of either: <see cref="Checkpoint.Open"/>. Weights that keep their stored type are views of the file, which must not shrink while the network lives.</param>
    /// <param name="options">Type and device; null for float32 on the CPU.</param>
    /// <exception cref="CheckpointException">
    /// A file is malformed, is no Stable Diffusion 3 network, lacks tensors or has others, or its configuration asks for something this class does not compute.
    /// </exception>
    public static SD3 Load(string path, NetworkOptions? options = null) => NetworkSource.Open(path, options, Load);

    /// <summary>Loads an open checkpoint, which stays the caller's.</summary>
    /// <inheritdoc cref="Load(string, NetworkOptions?)"/>
    public static SD3 Load(ICheckpoint file, NetworkOptions? options = null) => new(NetworkSource.Of(file, options));

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">Latents, times, conditions or the evaluation's rows do not fit each other or the network.</exception>
    public Tensor Predict(Tensor latents, Tensor timestep, Conditioning condition, Evaluation evaluation)
    {
        using var scope = NewDisposeScope();
        var c = _network.Config;
        var x = _inputs.WithImage(_inputs.Latents(latents, evaluation), condition, evaluation);
        var time = _inputs.Times(timestep, evaluation);
        var text = _inputs.Get(condition, ConditionNames.Text, evaluation);
        var pooled = _inputs.Get(condition, ConditionNames.Pooled, evaluation);
        var (high, wide, length) = ((int)x.size(2) / c.Patch, (int)x.size(3) / c.Patch, (int)text.size(1));
        var positions = _network.Positions.For(high, wide);
        evaluation.Layout = new(1, high, wide, length, TextPlace.After, length);

        var (embedding, modulation) = _network.Conditioner.Compute(time, pooled, null);
        var h = new Value(_network.Patches.Apply(x).Increase(positions), _network.Context.Apply(text));
        evaluation.Publish(Signal.TimeEmbedding, h, embedding, static (_, s, _) => s);
        evaluation.Publish(Signal.ModulatedInput, h, _network.Call(0, modulation), static (h, s, e) => TwoStreamForward.ModulatedImage(h, s, e));
        h = evaluation.Chain(
            _network.Sites.Chain, h, (Network: _network, Modulation: modulation), static (h, i, s, e) => TwoStreamForward.Block(h, s.Network.Call(i, s.Modulation), e));

        using var final = _network.Norm.Modulated(h.Main, modulation.select(1, _network.OutputAt + 1), modulation.select(1, _network.OutputAt));
        using var patches = _network.Output.Apply(final);
        return PatchEmbedding.Assemble(patches, high, wide, c.Patch).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public void Dispose() => _network.Dispose();
}
