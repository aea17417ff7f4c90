using static TorchSharp.torch;

namespace Acceleration.Models;

/// <summary>
/// The UNets of diffusers: UNet2DModel (Ho et al., arXiv:2006.11239; Dhariwal and Nichol, arXiv:2105.05233), with or without classes, and UNet2DConditionModel, which reads text (Rombach et al., arXiv:2112.10752: Stable Diffusion 1
/// and 2, SDXL, latent consistency models, inpainting and upscaling). <see cref="DenoiserInfo.Conditions"/> lists what a loaded network reads.
/// </summary>
public sealed class UNet : IDenoiser
{
    private readonly UNetNetwork _network;
    private readonly UNetInputs _inputs;

    private UNet(NetworkSource source)
    {
        var network = _network = UNetLoader.Load(source.File, source.Options);
        var c = network.Config;
        var info = source.Describe(network.Sites.Map, network.Device, [c.Latents, c.Side.High, c.Side.Wide], c.Prediction ?? PredictionType.Epsilon, UsualNoise(c));
        Info = info with
        {
            SizeMultiple = UNetInputs.SizeMultiple(c),
            Signals = [Signal.TimeEmbedding],
            Noise = info.Prediction == PredictionType.Flow ? null : info.Noise,
            Unconditional = c.Classes.Null is { } none
                ? given => new(given.Rows, (ConditionNames.Labels, KeptScalars.Full([given.Rows], (long)none, ScalarType.Int64, network.Device)))
                : null,
            NegativeComesWithRequest = c.TakesText,
            Classes = c.Classes.Null ?? c.Classes.Count,
            Conditions = UNetConditions.Of(network),
        };
        _inputs = new(network, Info);
    }

    /// <inheritdoc/>
    public DenoiserInfo Info { get; }

    /// <summary>
    /// Loads a checkpoint with the parameter names of diffusers, under any prefix; those that attention of pixels had at first (<c>query</c>, <c>key</c>, <c>value</c>, <c>proj_attn</c>) are known too. Sizes come from its metadata or
    /// a config.json beside it. What the network predicts, and its training noise, are not in its file: they are noise and the usual schedule of its class (linear, 1e-4 to 0.02; with text scaled linear, 0.00085 to 0.012) unless
    /// <see cref="NetworkOptions.Prediction"/> and <see cref="NetworkOptions.Noise"/> say otherwise.
    /// </summary>
    /// <param name="path">A .safetensors file, the .safetensors.index.json of a sharded one, or a folder that holds one of either: <see cref="Checkpoint.Open"/>.</param>
    /// <param name="options">Type and device; null for float32 on the CPU.</param>
    /// <exception cref="CheckpointException">
    /// A file is malformed, is no UNet, holds an IP-Adapter, lacks tensors or has others, or its configuration asks for something this class does not compute (blocks with skip projections, of k-diffusion or of "simple" cross-attention,
    /// GLIGEN, embeddings of images).
    /// </exception>
    public static UNet Load(string path, NetworkOptions? options = null) => NetworkSource.Open(path, options, Load);

    /// <summary>Loads an open checkpoint, which stays the caller's.</summary>
    /// <inheritdoc cref="Load(string, NetworkOptions?)"/>
    public static UNet Load(ICheckpoint file, NetworkOptions? options = null) => new(NetworkSource.Of(file, options));

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">Latents, times, conditions or the evaluation's rows do not fit each other or the network.</exception>
    public Tensor Predict(Tensor latents, Tensor timestep, Conditioning condition, Evaluation evaluation)
    {
        using var scope = NewDisposeScope();
        var rows = evaluation.Rows.Count;
        var x = _inputs.Latents(latents, condition, rows);
        evaluation.Layout = new(1, (int)x.size(2), (int)x.size(3));
        var (embedding, times) = _network.Conditioner.Compute(_inputs.Times(timestep, condition, rows));
        var call = _inputs.Call(times, condition, rows, (x.size(2), x.size(3)));

        var h = _network.Input.Apply(x);
        evaluation.Publish(Signal.TimeEmbedding, h, embedding, static (_, s, _) => s);
        h = UNetForward.Run(h, call, evaluation);
        h = _network.Output.Apply(_network.Config.OutputActivation.Apply(_network.OutputNorm.Apply(h)));
        return h.contiguous().MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public void Dispose() => _network.Dispose();

    private static NoiseTable UsualNoise(UNetConfig c) => c.TakesText
        ? NoiseTable.Make(BetaSchedule.ScaledLinear, 0.00085, 0.012, c.TrainSteps)
        : NoiseTable.Make(BetaSchedule.Linear, trainSteps: c.TrainSteps);
}
