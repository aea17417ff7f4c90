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
    private readonly NetworkInputs _inputs;

    private CogVideoX(NetworkSource source)
    {
        _network = CogVideoXLoader.Load(source.File, source.Options);
        _sites = new(_network);
        var c = _network.Config;
        var (patch, trained) = (c.FramePatch ?? 1, c.Trained);
        Info = source.Describe(_sites.Map, _network.Device, [c.Channels, (trained.Frames + patch - 1) / patch * patch, trained.Height, trained.Width], PredictionType.Velocity, CogVideoXNoise.Of(c)) with
        {
            Patch = c.Patch,
            FramePatch = patch,
            NegativeComesWithRequest = true,
            Conditions = [.. Conditions(c)],
        };
        _inputs = new(Info);
    }

    /// <inheritdoc/>
    public DenoiserInfo Info { get; }

    /// <summary>Loads a checkpoint with the parameter names of diffusers, under any prefix. Any size whose frames and sides are multiples of the patch can be sampled, unless its positions are learned ones.</summary>
    /// <param name="path">A .safetensors file, the .safetensors.index.json of a sharded one, or a folder that holds one of either: <see cref="Checkpoint.Open"/>.</param>
    /// <param name="options">Type and device; null for float32 on the CPU.</param>
    /// <exception cref="CheckpointException">
    /// A file is malformed, is no CogVideoX, lacks tensors or has others, or its configuration asks for something this class does not compute.
    /// </exception>
    public static CogVideoX Load(string path, NetworkOptions? options = null) => NetworkSource.Open(path, options, Load);

    /// <summary>Loads an open checkpoint, which stays the caller's.</summary>
    /// <inheritdoc cref="Load(string, NetworkOptions?)"/>
    public static CogVideoX Load(ICheckpoint file, NetworkOptions? options = null) => new(NetworkSource.Of(file, options));

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">Latents, times, text or the evaluation's rows do not fit each other or the network.</exception>
    public Tensor Predict(Tensor latents, Tensor timestep, Conditioning condition, Evaluation evaluation)
    {
        using var scope = NewDisposeScope();
        var x = _inputs.Latents(latents, evaluation);
        var text = _inputs.Get(condition, ConditionNames.Text, evaluation);
        var layout = Info.Layout(x.shape[1..]) with { TextLength = (int)text.size(1), ValidText = (int)text.size(1) };
        evaluation.Layout = layout;

        var (embedding, modulation) = _network.Conditioner.Compute(_inputs.Times(timestep, evaluation), Offset(condition, evaluation));
        var turns = Turns(condition, layout) ?? _network.Positions.TurnsOf(layout);
        var call = new CogVideoXCall(_network, _sites, modulation, turns is null ? null : new(turns, layout.TextLength));
        var joint = cat([_network.Text.Apply(text), _network.Patches.Apply(_inputs.WithImage(x, condition, evaluation))], 1);
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

    private Tensor? Offset(Conditioning condition, Evaluation e) => _network.Config.HasOffset
        ? _inputs.Find(condition, ConditionNames.Offset, e) ?? KeptScalars.Full([e.Rows.Count], UsualOffset, Info.DType, Info.Device)
        : null;

    /// <summary>Rotary positions that the caller has made, of all tokens of the joint stream; null where it has made none.</summary>
    private Tensor? Turns(Conditioning condition, TokenLayout layout)
    {
        if (condition.Find(ConditionNames.Rotary) is not { } x)
        {
            return null;
        }

        var head = _network.Config.HeadWidth;
        if (x.ndim != 3 || x.size(0) != 1 || x.size(1) != layout.Tokens || x.size(2) != head)
        {
            throw new ArgumentException($"{Info.Name}: condition '{ConditionNames.Rotary}' must be [1, {layout.Tokens}, {head}]; its shape is [{string.Join(", ", x.shape)}].", nameof(condition));
        }

        using var scope = NewDisposeScope();
        var video = stack([.. x[0].to(Info.DType, Info.Device).chunk(2, 1)], -1);
        var text = zeros([layout.TextLength, head / 2, 2], Info.DType, Info.Device);
        text.select(2, 0).Increment();
        return cat([text, video], 0).view_as_complex().MoveToOuterDisposeScope();
    }

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
