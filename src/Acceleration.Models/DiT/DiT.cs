using static TorchSharp.torch;

namespace Acceleration.Models;

/// <summary>
/// Class-conditional diffusion transformer with adaLN-Zero blocks (Peebles and Xie, "Scalable Diffusion Models with Transformers", arXiv:2212.09748).
/// It reads the condition <c>labels</c> (int64 [rows]) and predicts noise; GELU is the tanh form.
/// </summary>
public sealed class DiT : IDenoiser
{
    private readonly DiTNetwork _network;

    private DiT(DiTNetwork network, string name, string weights)
    {
        var c = network.Config;
        _network = network;
        Info = new()
        {
            Name = name,
            Weights = weights,
            Prediction = PredictionType.Epsilon,
            SampleSize = [c.Channels, c.Side, c.Side],
            Noise = c.Noise,
            Patch = c.Patch,
            LearnedVariance = !network.Sites.Map.Network.Traits.HasFlag(SiteTraits.ShapePreserving),
            Sites = network.Sites.Map,
            Unconditional = network.Conditioner.Labels > c.Classes
                ? given => new(given.Rows, (ConditionNames.Labels, KeptScalars.Full([given.Rows], (long)c.Classes, ScalarType.Int64, network.Device)))
                : null,
            Classes = c.Classes,
            Conditions = [new(ConditionNames.Labels) { DType = ScalarType.Int64 }],
            Device = network.Device,
            DType = network.Residual,
        };
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
    public static DiT Load(string path, NetworkOptions? options = null)
    {
        using var file = Checkpoint.Open(path);
        return Load(file, options);
    }

    /// <summary>Loads an open checkpoint, which stays the caller's.</summary>
    /// <inheritdoc cref="Load(string, NetworkOptions?)"/>
    public static DiT Load(ICheckpoint file, NetworkOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(file);
        return new(DiTLoader.Load(file, options ?? new()), file.Name, file.Fingerprint());
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">Latents, times, labels or the evaluation's rows do not fit each other or the network.</exception>
    public Tensor Predict(Tensor latents, Tensor timestep, Conditioning condition, Evaluation evaluation)
    {
        using var scope = NewDisposeScope();
        var (high, wide) = RequireLatents(latents, evaluation);
        var time = PerRow(timestep, "timestep", evaluation);
        var labels = Labels(condition[ConditionNames.Labels], evaluation);
        evaluation.Layout = new(1, high, wide);

        var (embedding, modulation) = _network.Conditioner.Compute(time, labels);
        var h = _network.Patches.Apply(latents).Increase(_network.Positions.For(high, wide));
        evaluation.Publish(Signal.TimeEmbedding, h, embedding, static (_, s, _) => s);
        evaluation.Publish(Signal.ModulatedInput, h, new DiTBlockCall(_network, 0, modulation), static (h, s, e) => DiTForward.ModulatedInput(h, s, e).Main);
        h = evaluation.Chain(_network.Sites.Chain, h, (Network: _network, Modulation: modulation), static (h, i, s, e) => DiTForward.Block(h, new(s.Network, i, s.Modulation), e)).Main;

        using var final = _network.OutputNorm.Modulated(h, modulation.select(1, 0), modulation.select(1, 1));
        using var patches = _network.Output.Apply(final);
        return PatchEmbedding.Assemble(patches, high, wide, _network.Config.Patch).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public void Dispose() => _network.Dispose();

    private (int High, int Wide) RequireLatents(Tensor latents, Evaluation evaluation)
    {
        var shape = latents.shape;
        Info.RequireSize(shape[1..]);
        return shape[0] == evaluation.Rows.Count
            ? ((int)shape[2] / Info.Patch, (int)shape[3] / Info.Patch)
            : throw new ArgumentException($"{Info.Name}: the latents have {shape[0]} rows, the evaluation has {evaluation.Rows.Count}.", nameof(latents));
    }

    /// <summary>On the network's device. Labels outside the table would end a GPU's whole process: those in host memory are looked at before they go there, and a session looks at its request's.</summary>
    private Tensor Labels(Tensor given, Evaluation evaluation)
    {
        var labels = PerRow(given, "condition 'labels'", evaluation);
        if (labels.device_type == TorchSharp.DeviceType.CPU && _network.Device.type != TorchSharp.DeviceType.CPU)
        {
            using var whole = labels.to(ScalarType.Int64);
            _network.Conditioner.RequireKnown(whole);
        }

        return labels.to(ScalarType.Int64, _network.Device);
    }

    /// <summary>One entry per row, expanded where one is shared by all.</summary>
    private Tensor PerRow(Tensor x, string what, Evaluation evaluation)
    {
        var rows = evaluation.Rows.Count;
        if (x.ndim == 1 && x.size(0) == rows)
        {
            return x;
        }

        return x.ndim == 1 && x.size(0) == 1
            ? x.expand(rows)
            : throw new ArgumentException($"{Info.Name}: {what} must be [{rows}] or [1]; its shape is [{string.Join(", ", x.shape)}].");
    }
}
