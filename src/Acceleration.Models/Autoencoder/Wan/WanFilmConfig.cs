namespace Acceleration.Models;

/// <summary>The sizes of an AutoencoderKLWan.</summary>
internal sealed record WanFilmConfig
{
    private const int MostChannels = 1 << 14;
    private const int MostLevels = 12;
    private const int MostLayers = 1 << 8;
    private const int MostPatch = 1 << 6;

    // What published files of 16 latent channels mean where they do not say it.
    private static readonly double[] UsualMeans =
        [-0.7571, -0.7089, -0.9113, 0.1075, -0.1745, 0.9653, -0.1517, 1.5508, 0.4134, -0.0715, 0.5517, -0.3632, -0.1922, -0.9497, 0.2503, -0.2921];

    private static readonly double[] UsualDeviations =
        [2.8184, 1.4541, 2.3275, 2.6558, 1.2196, 1.7708, 2.6052, 2.0743, 3.2687, 2.1526, 2.8652, 1.5579, 1.6382, 1.1253, 2.8251, 1.9160];

    /// <summary>Channels of a folded picture.</summary>
    public required int Inputs { get; init; }

    /// <summary>Channels of a folded picture that is decoded.</summary>
    public required int Outputs { get; init; }

    public required int LatentChannels { get; init; }

    /// <summary>Channels that the encoder begins with.</summary>
    public required int EncoderWidth { get; init; }

    /// <summary>Channels of each level of the encoder, the finest first.</summary>
    public required IReadOnlyList<int> EncoderWidths { get; init; }

    /// <summary>Channels of each level of the decoder, the coarsest first.</summary>
    public required IReadOnlyList<int> DecoderWidths { get; init; }

    /// <summary>Blocks of a level of the encoder; the decoder has one more.</summary>
    public required int Blocks { get; init; }

    /// <summary>Whether each level of the encoder, the finest first, has attention.</summary>
    public required IReadOnlyList<bool> Attention { get; init; }

    /// <summary>Whether the way from each level of the encoder to the next, the finest first, halves the number of frames.</summary>
    public required IReadOnlyList<bool> InTime { get; init; }

    /// <summary>Whether levels have shortcuts around them (Wan 2.2).</summary>
    public required bool IsResidual { get; init; }

    /// <summary>Side of the squares of pixels that become channels.</summary>
    public required int Patch { get; init; }

    public required IReadOnlyList<double> Factors { get; init; }

    public required IReadOnlyList<double> Offsets { get; init; }

    /// <summary>Pixels per latent pixel along a side.</summary>
    public int Factor => Patch << InTime.Count;

    /// <summary>Frames per latent frame.</summary>
    public int FrameFactor => 1 << InTime.Count(t => t);

    public static WanFilmConfig Of(CheckpointConfig config)
    {
        // The scale factors follow from the levels; clip_output was never read by a published pipeline.
        config.Ignore("dropout", "scale_factor_temporal", "scale_factor_spatial", "clip_output");
        var multiples = config.Integers("dim_mult", 1, MostChannels) ?? [1, 2, 4, 4];
        var inTime = config.Flags("temperal_downsample") ?? [false, true, true];
        config.Require(multiples.Count is > 1 and <= MostLevels && inTime.Count == multiples.Count - 1, $"{multiples.Count} dim_mult and {inTime.Count} temperal_downsample; there is one fewer of the latter, and {MostLevels} levels at most");
        var width = config.Integer("base_dim", 1, MostChannels / multiples.Max(), 96);
        var decoderWidth = config.Integer("decoder_base_dim", 1, MostChannels / multiples.Max(), width);
        var patch = config.Integer("patch_size", 1, MostPatch, 1);
        var latents = config.Integer("z_dim", 1, MostChannels, 16);
        var means = config.Numbers("latents_mean") ?? (latents == UsualMeans.Length ? UsualMeans : []);
        var deviations = config.Numbers("latents_std") ?? (latents == UsualDeviations.Length ? UsualDeviations : []);
        config.Require(means.Count == latents && deviations.Count == latents, $"latents_mean and latents_std must both have {latents} numbers, one per channel of the latents");
        config.Require(deviations.All(d => d > 0), "latents_std must be above 0");
        var scales = config.Numbers("attn_scales", mayBeNone: true) ?? [];
        var result = new WanFilmConfig
        {
            Inputs = config.Integer("in_channels", 1, MostChannels, 3),
            Outputs = config.Integer("out_channels", 1, MostChannels, 3),
            LatentChannels = latents,
            EncoderWidth = width,
            EncoderWidths = [.. multiples.Select(m => m * width)],
            DecoderWidths = [.. multiples.Reverse().Select(m => m * decoderWidth)],
            Blocks = config.Integer("num_res_blocks", 1, MostLayers, 2),
            Attention = [.. multiples.Select((_, i) => scales.Contains(Math.ScaleB(1, -i)))],
            InTime = inTime,
            IsResidual = config.Flag("is_residual") ?? false,
            Patch = patch,
            Factors = [.. deviations.Select(d => 1 / d)],
            Offsets = means,
        };
        config.RequireAllRead();
        result.Check(config, scales);
        return result;
    }

    /// <summary>Channels that a level of the decoder begins with: what enlarges pictures halves them, but where there are shortcuts.</summary>
    public int DecoderInputs(int level) => level == 0 ? DecoderWidths[0] : IsResidual ? DecoderWidths[level - 1] : DecoderWidths[level - 1] / 2;

    /// <summary>Whether what enlarges pictures behind a level of the decoder doubles the number of frames.</summary>
    public bool GrowsInTime(int level) => InTime[^(level + 1)];

    private void Check(CheckpointConfig config, IReadOnlyList<double> scales)
    {
        config.Require(Inputs % (Patch * Patch) == 0 && Outputs % (Patch * Patch) == 0, $"{Inputs} in_channels and {Outputs} out_channels are no multiples of the {Patch * Patch} pixels of a patch_size of {Patch}");
        config.Require(IsResidual || DecoderWidths.SkipLast(1).All(w => w > 1), "a level of one channel has no half to decode the next one from");
        if (!IsResidual)
        {
            return;
        }

        config.Require(scales.Count == 0, "with is_residual no level has attention, so attn_scales must be empty");
        for (var i = 0; i < EncoderWidths.Count; i++)
        {
            var last = i == InTime.Count;
            var (given, averaged) = (i == 0 ? EncoderWidth : EncoderWidths[i - 1], last ? 1 : InTime[i] ? 8 : 4);
            config.Require(given * averaged % EncoderWidths[i] == 0, $"a shortcut cannot average {given} channels of {averaged} pixels to {EncoderWidths[i]} channels");
            var repeated = last ? 0 : GrowsInTime(i) ? 8 : 4;
            config.Require(last || DecoderWidths[i] * repeated % DecoderInputs(i) == 0, $"a shortcut cannot repeat {DecoderInputs(i)} channels to {DecoderWidths[i]} channels of {repeated} pixels");
        }
    }
}
