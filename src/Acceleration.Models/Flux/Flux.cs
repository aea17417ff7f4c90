using static TorchSharp.torch;

namespace Acceleration.Models;

/// <summary>
/// FLUX.1 (Black Forest Labs), dev, schnell and what has been distilled from them: a flow network with blocks of two streams, then of one, and rotary positions. Latents are not packed,
/// [rows, channels, height, width]; 2 × 2 pixels become a token inside. Conditions: <c>text</c> (T5), <c>pooled</c> (CLIP), in guidance-distilled networks <c>guidance</c> [rows], the scale as users give it (3.5
/// unless given), and in networks with more input than output channels (Fill, Canny, Depth) <c>image_latents</c>.
/// </summary>
/// <remarks>
/// Embedded guidance is an input, not a branch: such networks need no unconditional branch, and guidance of two branches ("true CFG") begins with a request's
/// <see cref="SamplingRequest.Negative"/>, which must bring the same conditions.
/// </remarks>
public sealed class Flux : IDenoiser
{
    private const double UsualGuidance = 3.5;
    private const double EncodedUnits = 1000;
    private const int Side = 128;

    private readonly FluxNetwork _network;
    private readonly NetworkInputs _inputs;

    private Flux(NetworkSource source)
    {
        _network = FluxLoader.Load(source.File, source.Options);
        var c = _network.Config;
        Info = source.Describe(_network.Sites.Map, _network.Device, [c.Channels, Side, Side], PredictionType.Flow) with
        {
            Patch = FluxConfig.Patch,
            NegativeComesWithRequest = true,
            Conditions = [.. Conditions(c)],
        };
        _inputs = new(Info);
    }

    /// <inheritdoc/>
    public DenoiserInfo Info { get; }

    /// <summary>Loads a FluxTransformer2DModel with the parameter names of diffusers (<c>transformer_blocks.0.attn.to_q.weight</c>), under any prefix.</summary>
    /// <param name="path">A .safetensors file, the .safetensors.index.json of a sharded one, or a folder that holds one of either: <see cref="Checkpoint.Open"/>. Weights that keep their stored type are views of the file, which must not shrink while the network lives.</param>
    /// <param name="options">Type and device; null for float32 on the CPU.</param>
    /// <exception cref="CheckpointException">
    /// A file is malformed, is no FLUX network, lacks tensors or has others, or its configuration asks for something this class does not compute.
    /// </exception>
    public static Flux Load(string path, NetworkOptions? options = null) => NetworkSource.Open(path, options, Load);

    /// <summary>Loads an open checkpoint, which stays the caller's.</summary>
    /// <inheritdoc cref="Load(string, NetworkOptions?)"/>
    public static Flux Load(ICheckpoint file, NetworkOptions? options = null) => new(NetworkSource.Of(file, options));

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">Latents, times, conditions or the evaluation's rows do not fit each other or the network.</exception>
    public Tensor Predict(Tensor latents, Tensor timestep, Conditioning condition, Evaluation evaluation)
    {
        using var scope = NewDisposeScope();
        var x = _inputs.WithImage(_inputs.Latents(latents, evaluation), condition, evaluation);
        var time = _inputs.Times(timestep, evaluation);
        var text = _inputs.Get(condition, ConditionNames.Text, evaluation);
        var pooled = _inputs.Get(condition, ConditionNames.Pooled, evaluation);
        var (high, wide, length) = ((int)x.size(2) / FluxConfig.Patch, (int)x.size(3) / FluxConfig.Patch, (int)text.size(1));
        evaluation.Layout = new(1, high, wide, length, TextPlace.Before, length);

        var (embedding, modulation) = _network.Conditioner.Compute(time, pooled, Guidance(condition, evaluation));
        var call = new FluxCall(_network, modulation, _network.Turns.For(length, high, wide));
        var h = new Value(_network.Patches.Apply(x), _network.Context.Apply(text));
        evaluation.Publish(Signal.TimeEmbedding, h, embedding, static (_, s, _) => s);
        evaluation.Publish(Signal.ModulatedInput, h, call, static (h, s, e) => FluxForward.ModulatedInput(h, s, e));
        h = evaluation.Chain(_network.Sites.Chain, h, call, static (h, i, s, e) => FluxForward.Block(h, i, s, e));

        using var final = _network.Norm.Modulated(h.Main, modulation.select(1, _network.OutputAt + 1), modulation.select(1, _network.OutputAt));
        using var patches = _network.Output.Apply(final);
        return PatchEmbedding.Assemble(patches, high, wide, FluxConfig.Patch, channelsFirst: true).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public void Dispose() => _network.Dispose();

    private static IEnumerable<ConditionSpec> Conditions(FluxConfig c)
    {
        yield return new(ConditionNames.Text, c.UsualText, c.TextWidth) { IsSequence = true };
        yield return new(ConditionNames.Pooled, c.PooledWidth);
        if (c.Guided)
        {
            yield return new(ConditionNames.Guidance) { IsOptional = true };
        }

        if (c.Beside > 0)
        {
            yield return new(ConditionNames.ImageLatents, c.Beside, Side, Side) { FollowsLatents = true };
        }
    }

    /// <summary>The guidance scale as it is encoded, [rows].</summary>
    private Tensor? Guidance(Conditioning condition, Evaluation evaluation)
    {
        if (!_network.Config.Guided)
        {
            return null;
        }

        using var scope = NewDisposeScope();
        var scale = _inputs.Find(condition, ConditionNames.Guidance, evaluation) ?? KeptScalars.Full([evaluation.Rows.Count], UsualGuidance, _network.Residual, _network.Device);

        // In float32 a thousandfold scale leaves 1e-4 of rounding, which its sines and cosines show.
        return scale.to(_network.Device.type == TorchSharp.DeviceType.MPS ? ScalarType.Float32 : ScalarType.Float64).Times(EncodedUnits).MoveToOuterDisposeScope();
    }
}
