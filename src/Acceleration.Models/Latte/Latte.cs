using static TorchSharp.torch;

namespace Acceleration.Models;

/// <summary>
/// Video diffusion transformer whose blocks attend over space and over time by turns (Ma et al., "Latte: Latent Diffusion Transformer for Video Generation", arXiv:2401.03048): diffusers' LatteTransformer3DModel.
/// It reads the conditions <c>text</c> [rows, tokens, width] and, where some tokens are padding, <c>text_mask</c> [rows, tokens]; latents are [rows, channels, frames, height, width]. It predicts noise.
/// </summary>
public sealed class Latte : IDenoiser
{
    private readonly LatteNetwork _network;
    private readonly IReadOnlyList<LatteBlock> _blocks;
    private readonly LatteSites _sites;
    private readonly NetworkInputs _inputs;
    private readonly bool _isOwner;

    private Latte(NetworkSource source)
    {
        _network = LatteLoader.Load(source.File, source.Options);
        (_blocks, _isOwner) = (_network.Blocks, true);
        _sites = new(_network, _blocks);
        var c = _network.Config;
        Info = source.Describe(_sites.Map, _network.Device, [c.Channels, c.Frames, c.Side, c.Side], PredictionType.Epsilon, NoiseTable.Make(BetaSchedule.Linear)) with
        {
            Patch = c.Patch,
            NegativeComesWithRequest = c.ReadsText,
            Conditions = !c.ReadsText ? [] :
            [
                new(ConditionNames.Text, LatteSites.UsualText, c.TextWidth) { IsSequence = true },
                new(ConditionNames.TextMask, LatteSites.UsualText) { DType = ScalarType.Bool, IsOptional = true, IsSequence = true },
            ],
        };
        _inputs = new(Info);
    }

    private Latte(Latte whole)
    {
        (_network, _blocks) = (whole._network, [.. whole._network.Blocks.Where(b => !b.IsTemporal)]);
        _sites = new(_network, _blocks);
        Info = whole.Info with { Sites = _sites.Map };
        _inputs = new(Info);
    }

    /// <inheritdoc/>
    public DenoiserInfo Info { get; }

    /// <summary>Loads a checkpoint with the parameter names of diffusers, under any prefix. Any size whose sides are multiples of the patch can be sampled, and any number of frames.</summary>
    /// <param name="path">A .safetensors file, the .safetensors.index.json of a sharded one, or a folder that holds one of either: <see cref="Checkpoint.Open"/>.</param>
    /// <param name="options">Type and device; null for float32 on the CPU.</param>
    /// <exception cref="CheckpointException">
    /// A file is malformed, is no Latte, lacks tensors or has others, or its configuration asks for something this class does not compute.
    /// </exception>
    public static Latte Load(string path, NetworkOptions? options = null) => NetworkSource.Open(path, options, Load);

    /// <summary>Loads an open checkpoint, which stays the caller's.</summary>
    /// <inheritdoc cref="Load(string, NetworkOptions?)"/>
    public static Latte Load(ICheckpoint file, NetworkOptions? options = null) => new(NetworkSource.Of(file, options));

    /// <summary>This network without its temporal blocks, for single pictures (<c>enable_temporal_attentions</c> off): frames know nothing of each other. It uses this network's weights, and lives no longer.</summary>
    public Latte WithoutTemporalAttention() => new(this);

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">Latents, times, text or the evaluation's rows do not fit each other or the network.</exception>
    public Tensor Predict(Tensor latents, Tensor timestep, Conditioning condition, Evaluation evaluation)
    {
        using var scope = NewDisposeScope();
        var x = _inputs.Latents(latents, evaluation);
        var layout = Info.Layout(x.shape[1..]);
        evaluation.Layout = layout;

        var (embedding, modulation, last) = _network.Conditioner.Compute(_inputs.Times(timestep, evaluation));
        var text = _network.Config.ReadsText ? _network.Conditioner.Project(_inputs.Get(condition, ConditionNames.Text, evaluation)) : null;
        var mask = text is null ? null : _inputs.TextMask(condition, text, evaluation)?.to(ScalarType.Bool);
        var call = new LatteCall(_network, _blocks, _sites, layout, modulation, text, mask);
        var h = Enter(x, layout);
        evaluation.Publish(Signal.TimeEmbedding, h, embedding, static (_, s, _) => s);
        evaluation.Publish(Signal.ModulatedInput, h, new LatteBlockCall(call, 0), static (h, s, e) => AdaLnForward.AttentionInput(h.Main, s, e));
        h = evaluation.Chain(_sites.Chain, h, call, static (h, i, s, e) => LatteForward.Block(h, new(s, i), e)).Main;

        using var final = _network.OutputNorm.Modulated(h, last.select(1, 0), last.select(1, 1));
        using var patches = _network.Output.Apply(final);
        return _network.Patches.Assemble(patches, layout, channelsLast: true).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_isOwner)
        {
            _network.Dispose();
        }
    }

    /// <summary>Patches with the positions of their frame, [rows, tokens, width].</summary>
    private Tensor Enter(Tensor latents, TokenLayout layout)
    {
        var tokens = _network.Patches.Apply(latents);
        tokens.view(latents.size(0), layout.Frames, -1, tokens.size(2)).Increase(_network.Positions.OfSpace(layout.Height, layout.Width));
        return tokens;
    }
}
