using static TorchSharp.torch;

namespace Acceleration.Models;

/// <summary>
/// Class-conditional diffusion transformer with adaLN-Zero blocks (Peebles and Xie, "Scalable Diffusion Models with Transformers", arXiv:2212.09748).
/// It reads the condition <c>labels</c> (int64 [rows]) and predicts noise; GELU is the tanh form.
/// </summary>
public sealed class DiT : IDenoiser
{
    private readonly DiTNetwork _network;
    private readonly NetworkInputs _inputs;

    private DiT(NetworkSource source)
    {
        _network = DiTLoader.Load(source.File, source.Options);
        var (c, device) = (_network.Config, _network.Device);
        Info = source.Describe(_network.Sites.Map, device, [c.Channels, c.Side, c.Side], PredictionType.Epsilon) with
        {
            Prediction = PredictionType.Epsilon,
            Noise = c.Noise,
            Patch = c.Patch,
            Unconditional = _network.Conditioner.Labels > c.Classes
                ? given => new(given.Rows, (ConditionNames.Labels, KeptScalars.Full([given.Rows], (long)c.Classes, ScalarType.Int64, device)))
                : null,
            Classes = c.Classes,
            Conditions = [new(ConditionNames.Labels) { DType = ScalarType.Int64 }],
        };
        _inputs = new(Info);
    }

    /// <inheritdoc/>
    public DenoiserInfo Info { get; }

    /// <summary>
    /// Loads a checkpoint with the parameter names of the original release (<c>blocks.0.attn.qkv.weight</c>) or of diffusers
    /// (<c>transformer_blocks.0.attn1.to_q.weight</c>), under any prefix. Sizes come from its metadata or a config.json beside it; a position table that
    /// it lacks is computed. Any size that is a multiple of the patch can be sampled, unless its table is a learned one.
    /// </summary>
    /// <param name="path">A .safetensors file, the .safetensors.index.json of a sharded one, or a folder that holds one of either: <see cref="Checkpoint.Open"/>. Weights that keep their stored type are views of the file, which must not shrink while the network lives.</param>
    /// <param name="options">Type and device; null for float32 on the CPU.</param>
    /// <exception cref="CheckpointException">
    /// A file is malformed, is no DiT, lacks tensors or has others, or its configuration asks for something this class does not compute.
    /// </exception>
    public static DiT Load(string path, NetworkOptions? options = null) => NetworkSource.Open(path, options, Load);

    /// <summary>Loads an open checkpoint, which stays the caller's.</summary>
    /// <inheritdoc cref="Load(string, NetworkOptions?)"/>
    public static DiT Load(ICheckpoint file, NetworkOptions? options = null) => new(NetworkSource.Of(file, options));

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">Latents, times, labels or the evaluation's rows do not fit each other or the network.</exception>
    public Tensor Predict(Tensor latents, Tensor timestep, Conditioning condition, Evaluation evaluation)
    {
        using var scope = NewDisposeScope();
        var x = _inputs.Latents(latents, evaluation);
        var time = _inputs.Times(timestep, evaluation);
        var labels = Labels(condition[ConditionNames.Labels], evaluation);
        var (high, wide) = ((int)x.size(2) / Info.Patch, (int)x.size(3) / Info.Patch);
        evaluation.Layout = new(1, high, wide);

        var (embedding, modulation) = _network.Conditioner.Compute(time, labels);
        var h = _network.Patches.Apply(x).Increase(_network.Positions.For(high, wide));
        evaluation.Publish(Signal.TimeEmbedding, h, embedding, static (_, s, _) => s);
        evaluation.Publish(Signal.ModulatedInput, h, new DiTBlockCall(_network, 0, modulation), static (h, s, e) => AdaLnForward.AttentionInput(h.Main, s, e));
        h = evaluation.Chain(_network.Sites.Chain, h, (Network: _network, Modulation: modulation), static (h, i, s, e) => new DiTBlockCall(s.Network, i, s.Modulation).Run(h, e)).Main;

        using var final = _network.OutputNorm.Modulated(h, modulation.select(1, 0), modulation.select(1, 1));
        using var patches = _network.Output.Apply(final);
        return PatchEmbedding.Assemble(patches, high, wide, _network.Config.Patch).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public void Dispose() => _network.Dispose();

    /// <summary>On the network's device. Labels outside the table would end a GPU's whole process: those in host memory are looked at before they go there, and a session looks at its request's.</summary>
    private Tensor Labels(Tensor given, Evaluation evaluation)
    {
        if (given.device_type == TorchSharp.DeviceType.CPU && _network.Device.type != TorchSharp.DeviceType.CPU)
        {
            using var whole = given.to(ScalarType.Int64);
            _network.Conditioner.RequireKnown(whole);
        }

        return _inputs.PerRow(given, "condition 'labels'", evaluation).to(ScalarType.Int64);
    }
}
