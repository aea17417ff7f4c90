using static TorchSharp.torch;

namespace Acceleration.Models;

/// <summary>
/// Video diffusion transformer over frames, height and width at once (Wan Team, "Wan: Open and Advanced Large-Scale Video Generative Models", arXiv:2503.20314): diffusers' WanTransformer3DModel.
/// It reads the conditions <c>text</c> [rows, tokens, width] and, in networks that continue an image, <c>image</c> [rows, tokens, width] and <c>image_latents</c> [rows, channels, frames, height, width];
/// latents are [rows, channels, frames, height, width]. It predicts a flow.
/// </summary>
public sealed class Wan : IDenoiser
{
    private readonly WanNetwork _network;
    private readonly WanSites _sites;
    private readonly NetworkInputs _inputs;

    private Wan(NetworkSource source)
    {
        _network = WanLoader.Load(source.File, source.Options);
        _sites = new(_network);
        var c = _network.Config;
        Info = source.Describe(_sites.Map, _network.Device, c.SampleSize, PredictionType.Flow) with
        {
            Patch = c.Patch,
            FramePatch = c.FramePatch,
            NegativeComesWithRequest = true,
            Conditions = [.. Conditions(c)],
        };
        _inputs = new(Info);
    }

    /// <inheritdoc/>
    public DenoiserInfo Info { get; }

    /// <summary>Loads a checkpoint with the parameter names of diffusers, under any prefix. Any size whose frames and sides are multiples of the patch can be sampled, as far as its positions reach.</summary>
    /// <param name="path">A .safetensors file, the .safetensors.index.json of a sharded one, or a folder that holds one of either: <see cref="Checkpoint.Open"/>.</param>
    /// <param name="options">Type and device; null for float32 on the CPU.</param>
    /// <exception cref="CheckpointException">
    /// A file is malformed, is no Wan, lacks tensors or has others, or its configuration asks for something this class does not compute.
    /// </exception>
    public static Wan Load(string path, NetworkOptions? options = null) => NetworkSource.Open(path, options, Load);

    /// <summary>Loads an open checkpoint, which stays the caller's.</summary>
    /// <inheritdoc cref="Load(string, NetworkOptions?)"/>
    public static Wan Load(ICheckpoint file, NetworkOptions? options = null) => new(NetworkSource.Of(file, options));

    /// <summary>Computes the flow. Times may be [rows], or [rows, tokens] where tokens have times of their own: frames that are given have time 0.</summary>
    /// <inheritdoc/>
    /// <exception cref="ArgumentException">Latents, times, text, image or the evaluation's rows do not fit each other or the network.</exception>
    public Tensor Predict(Tensor latents, Tensor timestep, Conditioning condition, Evaluation evaluation)
    {
        using var scope = NewDisposeScope();
        var x = _inputs.Latents(latents, evaluation);
        var layout = Info.Layout(x.shape[1..]);
        evaluation.Layout = layout;

        var turns = _network.Positions.For(layout);
        var modulation = _network.Conditioner.Compute(_inputs.TimesOrTokens(timestep, layout.Tokens, evaluation));
        var given = _network.Config.ImageWidth is null ? null : _inputs.Get(condition, ConditionNames.Image, evaluation);
        var (text, image) = _network.Conditioner.Project(_inputs.Get(condition, ConditionNames.Text, evaluation), given);
        var call = new WanCall(_network, _sites, modulation, turns, text, image);
        var h = _network.Patches.Apply(_inputs.WithImage(x, condition, evaluation));
        evaluation.Publish(Signal.TimeEmbedding, h, modulation.Embedding, static (_, s, _) => s.flatten(1));
        evaluation.Publish(Signal.ModulatedInput, h, new WanBlockCall(call, 0), static (h, s, e) => AdaLnForward.AttentionInput(h.Main, s, e));
        h = evaluation.Chain(_sites.Chain, h, call, static (h, i, s, e) => WanForward.Block(h, new(s, i), e)).Main;

        using var final = _network.Norm.Modulated(h, modulation.OutputPart(0), modulation.OutputPart(1));
        using var patches = _network.Output.Apply(final);
        return _network.Patches.Assemble(patches, layout, channelsLast: true).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public void Dispose() => _network.Dispose();

    private static IEnumerable<ConditionSpec> Conditions(WanConfig c)
    {
        yield return new(ConditionNames.Text, WanSites.UsualText, c.TextWidth) { IsSequence = true };
        if (c.ImageWidth is { } width)
        {
            yield return new(ConditionNames.Image, c.ImageTokens ?? WanSites.UsualImage, width) { IsSequence = c.ImageTokens is null };
        }

        if (c.ChannelsBeside > 0)
        {
            yield return new(ConditionNames.ImageLatents, [c.ChannelsBeside, .. c.SampleSize.Skip(1)]) { FollowsLatents = true };
        }
    }
}
