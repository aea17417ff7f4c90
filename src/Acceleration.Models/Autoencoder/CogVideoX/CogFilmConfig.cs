namespace Acceleration.Models;

/// <summary>The sizes of an AutoencoderKLCogVideoX.</summary>
internal sealed record CogFilmConfig
{
    private const int MostChannels = 1 << 14;
    private const int MostLayers = 1 << 8;
    private const int MostLevels = 12;
    private const int MostSide = 1 << 16;

    public required int Channels { get; init; }

    public required int DecodedChannels { get; init; }

    public required int LatentChannels { get; init; }

    /// <summary>Channels of each level, the finest first.</summary>
    public required IReadOnlyList<int> Widths { get; init; }

    /// <summary>Blocks of a level of the encoder; the decoder has one more.</summary>
    public required int Layers { get; init; }

    public required int Groups { get; init; }

    /// <summary>ε of the norms in the encoder's blocks; all others have 1e-6.</summary>
    public required double Epsilon { get; init; }

    public required Activation Activation { get; init; }

    /// <summary>Frames per latent frame: 1, 2, 4 or 8.</summary>
    public required int FrameFactor { get; init; }

    public required bool ForceUpcast { get; init; }

    /// <summary>Shorter side in training, in pixels.</summary>
    public required int Side { get; init; }

    /// <summary>What latents are multiplied with.</summary>
    public required double Scale { get; init; }

    /// <summary>Whether networks that continue a picture were trained to see its latents divided by <see cref="Scale"/>.</summary>
    public required bool InvertsScale { get; init; }

    /// <summary>Pixels per latent pixel along a side.</summary>
    public int Factor => 1 << (Widths.Count - 1);

    /// <summary>Whether frames become fewer behind a level of the encoder, or more behind one of the decoder, each counted from its own first.</summary>
    public bool InTime(int level) => FrameFactor >> (level + 1) > 0;

    public static CogFilmConfig Of(CheckpointConfig config)
    {
        // Older files say a square size, which nothing was trained at.
        config.Ignore("sample_size");
        config.Expect("use_quant_conv", "false");
        config.Expect("use_post_quant_conv", "false");
        config.Require(config.Number("shift_factor", 0) == 0 && config.Numbers("latents_mean") is null && config.Numbers("latents_std") is null, "shift_factor, latents_mean and latents_std must be null, for no published pipeline uses them");
        var widths = config.Integers("block_out_channels", 1, MostChannels) ?? [128, 256, 256, 512];
        config.Require(widths.Count <= MostLevels, $"{widths.Count} block_out_channels are more than {MostLevels} levels");
        var groups = config.Integer("norm_num_groups", 1, MostChannels, 32);
        foreach (var width in widths)
        {
            config.Require(width % groups == 0, $"{width} channels cannot be divided among norm_num_groups = {groups}");
        }

        foreach (var (key, block) in new[] { ("down_block_types", "CogVideoXDownBlock3D"), ("up_block_types", "CogVideoXUpBlock3D") })
        {
            var blocks = config.Words(key, block)?.Count ?? 4;
            config.Require(blocks == widths.Count, $"{blocks} {key} and {widths.Count} block_out_channels");
        }

        var ratio = config.Positive("temporal_compression_ratio", 4);
        config.Require(ratio is 1 or 2 or 4 or 8 && ratio <= 1 << (widths.Count - 1), FormattableString.Invariant($"temporal_compression_ratio is {ratio}; it must be 1, 2, 4 or 8, and frames can be halved once behind each of {widths.Count} levels but the last"));
        var result = new CogFilmConfig
        {
            Channels = config.Integer("in_channels", 1, MostChannels, 3),
            DecodedChannels = config.Integer("out_channels", 1, MostChannels, 3),
            LatentChannels = config.Integer("latent_channels", 1, MostChannels, 16),
            Widths = widths,
            Layers = config.Integer("layers_per_block", 1, MostLayers, 3),
            Groups = groups,
            Epsilon = config.Positive("norm_eps", 1e-6),
            Activation = Activations.Of(config, "act_fn", "silu", Activation.Silu, Activation.Mish, Activation.Gelu, Activation.Relu),
            FrameFactor = (int)ratio,
            ForceUpcast = config.Flag("force_upcast") ?? true,
            Side = Math.Min(config.Integer("sample_height", 1, MostSide, 480), config.Integer("sample_width", 1, MostSide, 720)),
            Scale = config.Positive("scaling_factor", 1.15258426),
            InvertsScale = config.Flag("invert_scale_latents") ?? false,
        };
        config.RequireAllRead();
        return result;
    }
}
