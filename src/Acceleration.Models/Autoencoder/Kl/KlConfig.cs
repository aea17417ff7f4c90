namespace Acceleration.Models;

/// <summary>The sizes of an AutoencoderKL.</summary>
internal sealed record KlConfig
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

    /// <summary>Whether each level of the encoder, the finest first, has attention.</summary>
    public required IReadOnlyList<bool> DownAttention { get; init; }

    /// <summary>Whether each level of the decoder, the coarsest first, has attention.</summary>
    public required IReadOnlyList<bool> UpAttention { get; init; }

    public required int Layers { get; init; }

    public required int Groups { get; init; }

    public required Activation Activation { get; init; }

    public required bool MiddleAttention { get; init; }

    public required bool QuantConv { get; init; }

    public required bool PostQuantConv { get; init; }

    public required bool ForceUpcast { get; init; }

    /// <summary>Side in training, in pixels.</summary>
    public required int Side { get; init; }

    /// <summary>What (z − offset) is multiplied with: one number, or one per channel.</summary>
    public required IReadOnlyList<double> Factors { get; init; }

    public required IReadOnlyList<double> Offsets { get; init; }

    /// <summary>Pixels per latent pixel along a side.</summary>
    public int Factor => 1 << (Widths.Count - 1);

    public static KlConfig Of(CheckpointConfig config)
    {
        var widths = config.Integers("block_out_channels", 1, MostChannels) ?? [64];
        config.Require(widths.Count <= MostLevels, $"{widths.Count} block_out_channels are more than {MostLevels} levels");
        var groups = config.Integer("norm_num_groups", 1, MostChannels, 32);
        foreach (var width in widths)
        {
            config.Require(width % groups == 0, $"{width} channels cannot be divided among norm_num_groups = {groups}");
        }

        var latents = config.Integer("latent_channels", 1, MostChannels, 4);
        var (factors, offsets) = Scaling(config, latents);
        var result = new KlConfig
        {
            Channels = config.Integer("in_channels", 1, MostChannels, 3),
            DecodedChannels = config.Integer("out_channels", 1, MostChannels, 3),
            LatentChannels = latents,
            Widths = widths,
            DownAttention = Attention(config, "down_block_types", "DownEncoderBlock2D", "AttnDownEncoderBlock2D", widths.Count),
            UpAttention = Attention(config, "up_block_types", "UpDecoderBlock2D", "AttnUpDecoderBlock2D", widths.Count),
            Layers = config.Integer("layers_per_block", 1, MostLayers, 1),
            Groups = groups,
            Activation = Activations.Of(config, "act_fn", "silu", Activation.Silu, Activation.Mish, Activation.Gelu, Activation.Relu),
            MiddleAttention = config.Flag("mid_block_add_attention") ?? true,
            QuantConv = config.Flag("use_quant_conv") ?? true,
            PostQuantConv = config.Flag("use_post_quant_conv") ?? true,
            ForceUpcast = config.Flag("force_upcast") ?? true,
            Side = config.Integers("sample_size", 1, MostSide)?[0] ?? 32,
            Factors = factors,
            Offsets = offsets,
        };
        config.RequireAllRead();
        return result;
    }

    private static (IReadOnlyList<double> Factors, IReadOnlyList<double> Offsets) Scaling(CheckpointConfig config, int latents)
    {
        var scale = config.Positive("scaling_factor", 0.18215);
        var shift = config.Number("shift_factor", 0);
        var (means, deviations) = (config.Numbers("latents_mean"), config.Numbers("latents_std"));
        if (means is null && deviations is null)
        {
            return ([scale], [shift]);
        }

        config.Require(means?.Count == latents && deviations?.Count == latents, $"latents_mean and latents_std must both have {latents} numbers, one per channel of the latents");
        config.Require(deviations!.All(d => d > 0), "latents_std must be above 0");
        config.Require(shift == 0, "there is a shift_factor beside latents_mean, and no published pipeline says how the two go together");
        return ([.. deviations!.Select(d => scale / d)], means!);
    }

    private static IReadOnlyList<bool> Attention(CheckpointConfig config, string key, string plain, string attentive, int levels)
    {
        var blocks = config.Words(key, plain, attentive) ?? [plain];
        config.Require(blocks.Count == levels, $"{blocks.Count} {key} and {levels} block_out_channels");
        return [.. blocks.Select(b => b == attentive)];
    }
}
