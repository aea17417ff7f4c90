namespace Acceleration.Models;

/// <summary>The sizes of an AutoencoderTiny.</summary>
internal sealed record TinyConfig
{
    private const int MostChannels = 1 << 14;
    private const int MostBlocks = 1 << 10;
    private const int MostLevels = 12;

    public required int Channels { get; init; }

    public required int DecodedChannels { get; init; }

    public required int LatentChannels { get; init; }

    public required int EncoderWidth { get; init; }

    public required int DecoderWidth { get; init; }

    /// <summary>Blocks of each level of the encoder, the finest first.</summary>
    public required IReadOnlyList<int> EncoderBlocks { get; init; }

    /// <summary>Blocks of each level of the decoder, the coarsest first.</summary>
    public required IReadOnlyList<int> DecoderBlocks { get; init; }

    public required int Growth { get; init; }

    public required Activation Activation { get; init; }

    public required double Scale { get; init; }

    public required double Shift { get; init; }

    public int DecoderFactor => DecoderBlocks.Skip(1).Aggregate(1, (factor, _) => factor * Growth);

    public static TinyConfig Of(CheckpointConfig config)
    {
        config.Expect("upsample_fn", "nearest");

        // Of use where latents are stored as bytes; nothing here needs them.
        config.Ignore("latent_magnitude", "latent_shift", "block_out_channels", "force_upcast");
        var (encoderWidth, encoderBlocks) = Levels(config, "encoder", [1, 3, 3, 3]);
        var (decoderWidth, decoderBlocks) = Levels(config, "decoder", [3, 3, 3, 1]);
        var result = new TinyConfig
        {
            Channels = config.Integer("in_channels", 1, MostChannels, 3),
            DecodedChannels = config.Integer("out_channels", 1, MostChannels, 3),
            LatentChannels = config.Integer("latent_channels", 1, MostChannels, 4),
            EncoderWidth = encoderWidth,
            DecoderWidth = decoderWidth,
            EncoderBlocks = encoderBlocks,
            DecoderBlocks = decoderBlocks,
            Growth = config.Integer("upsampling_scaling_factor", 1, 4, 2),
            Activation = Activations.Of(config, "act_fn", "relu", Activation.Relu, Activation.Silu, Activation.Mish, Activation.Gelu),
            Scale = config.Positive("scaling_factor", 1),
            Shift = config.Number("shift_factor", 0),
        };
        config.RequireAllRead();
        return result;
    }

    private static (int Width, IReadOnlyList<int> Blocks) Levels(CheckpointConfig config, string half, IReadOnlyList<int> usual)
    {
        var widths = config.Integers($"{half}_block_out_channels", 1, MostChannels) ?? [64, 64, 64, 64];
        var blocks = config.Integers($"num_{half}_blocks", 0, MostBlocks) ?? usual;
        config.Require(widths.Count == blocks.Count && widths.Count <= MostLevels, $"{widths.Count} {half}_block_out_channels and {blocks.Count} num_{half}_blocks; both are one number per level, of {MostLevels} at most");
        config.Require(widths.Distinct().Count() == 1, $"{half}_block_out_channels must all be equal, for nothing between the levels changes the number of channels");
        return (widths[0], blocks);
    }
}
