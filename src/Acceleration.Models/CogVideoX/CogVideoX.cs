using static TorchSharp.torch;

namespace Acceleration.Models;

/// <summary>
/// Video diffusion transformer whose text and video tokens are one stream (Yang et al., "CogVideoX: Text-to-Video Diffusion Models with An Expert Transformer", arXiv:2408.06072): diffusers'
/// CogVideoXTransformer3DModel, of versions 1.0 and 1.5. It reads the conditions <c>text</c> [rows, tokens, width] and, in networks that continue an image, <c>image_latents</c> [rows, channels, frames, height, width]
/// and <c>offset</c> [rows]; latents are [rows, channels, frames, height, width]. It predicts a velocity.
/// </summary>
public sealed class CogVideoX : IDenoiser
{
    /// <summary>What published pipelines give as <c>ofs</c>.</summary>
    private const double UsualOffset = 2;

    private readonly CogVideoXNetwork _network;
    private readonly CogVideoXSites _sites;

    private CogVideoX(CogVideoXNetwork network, string name, string weights, NetworkOptions options)
    {
        (_network, _sites) = (network, new(network));
        var c = network.Config;
        Info = new()
        {
            Name = name,
            Weights = weights,
            Prediction = options.Prediction ?? PredictionType.Velocity,
            SampleSize = [c.Channels, c.FramePatch is { } patch ? (c.Trained.Frames + patch - 1) / patch * patch : c.Trained.Frames, c.Trained.Height, c.Trained.Width],
            Noise = options.Noise ?? CogVideoXNoise.Of(c),
            Patch = c.Patch,
            FramePatch = c.FramePatch ?? 1,
            Sites = _sites.Map,
            NegativeComesWithRequest = true,
            Conditions = [.. Conditions(c)],
            Device = network.Device,
            DType = network.Residual,
        };
    }

    /// <inheritdoc/>
    public DenoiserInfo Info { get; }

    /// <summary>Loads a checkpoint with the parameter names of diffusers, under any prefix. Any size whose frames and sides are multiples of the patch can be sampled, unless its positions are learned ones.</summary>
    /// <param name="path">A .safetensors file, the .safetensors.index.json of a sharded one, or a folder that holds one of either: <see cref="Checkpoint.Open"/>.</param>
    /// <param name="options">Type and device; null for float32 on the CPU.</param>
    /// <exception cref="CheckpointException">
    /// A file is malformed, is no CogVideoX, lacks tensors or has others, or its configuration asks for something this class does not compute.
    /// </exception>
    public static CogVideoX Load(string path, NetworkOptions? options = null)
    {
        using var file = Checkpoint.Open(path);
        return Load(file, options);
    }

    /// <summary>Loads an open checkpoint, which stays the caller's.</summary>
    /// <inheritdoc cref="Load(string, NetworkOptions?)"/>
    public static CogVideoX Load(ICheckpoint file, NetworkOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(file);
        options ??= new();
        return new(CogVideoXLoader.Load(file, options), file.Name, file.Fingerprint(), options);
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">Latents, times, text or the evaluation's rows do not fit each other or the network.</exception>
    public Tensor Predict(Tensor latents, Tensor timestep, Conditioning condition, Evaluation evaluation)
    {
        using var scope = NewDisposeScope();
        var inputs = new VideoInputs(Info, evaluation);
        var c = _network.Config;
        var layout = inputs.Layout(latents);
        var text = inputs.Sequence(condition, ConditionNames.Text, c.TextWidth);
        layout = layout with { TextLength = (int)text.size(1), ValidText = (int)text.size(1) };
        evaluation.Layout = layout;

        var (embedding, modulation) = _network.Conditioner.Compute(inputs.PerRow(timestep, "timestep"), Offset(inputs, condition, evaluation));
        var turns = inputs.Turns(condition, layout, c.HeadWidth) ?? _network.Positions.TurnsOf(layout);
        var call = new CogVideoXCall(_network, _sites, modulation, turns is null ? null : new(turns, layout.TextLength));
        var joint = cat([_network.Text.Apply(text), _network.Patches.Apply(inputs.Beside(latents, condition, c.ChannelsBeside))], 1);
        _network.Positions.AddTo(joint, layout);
        var h = Value.FromJoint(joint, layout.TextLength, TextPlace.Before);
        evaluation.Publish(Signal.TimeEmbedding, h, embedding, static (_, s, _) => s);
        evaluation.Publish(Signal.ModulatedInput, h, new CogVideoXBlockCall(call, 0), static (h, s, e) => CogVideoXForward.AttentionInput(h, s, e).Main);
        h = evaluation.Chain(_sites.Chain, h, call, static (h, i, s, e) => CogVideoXForward.Block(h, new(s, i), e));

        using var last = _network.LastNorm.Apply(h.Main);
        using var final = _network.OutputNorm.Modulated(last, modulation.select(1, _network.OutputAt), modulation.select(1, _network.OutputAt + 1));
        using var patches = _network.Output.Apply(final);
        return _network.Patches.Assemble(patches, layout, channelsLast: false).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public void Dispose() => _network.Dispose();

    private Tensor? Offset(VideoInputs inputs, Conditioning condition, Evaluation e) =>
        !_network.Config.HasOffset ? null
        : condition.Find(ConditionNames.Offset) is { } given ? inputs.PerRow(given, $"condition '{ConditionNames.Offset}'")
        : KeptScalars.Full([e.Rows.Count], UsualOffset, Info.DType, Info.Device);

    private static IEnumerable<ConditionSpec> Conditions(CogVideoXConfig c)
    {
        yield return new(ConditionNames.Text, c.TextTokens, c.TextWidth) { IsSequence = true };
        if (c.HasOffset)
        {
            yield return new(ConditionNames.Offset) { IsOptional = true };
        }

        if (c.ChannelsBeside > 0)
        {
            yield return new(ConditionNames.ImageLatents, c.ChannelsBeside, c.Trained.Frames, c.Trained.Height, c.Trained.Width) { FollowsLatents = true };
        }
    }
}
