namespace Acceleration.Models;

/// <summary>Reads the configuration of a UNet2DModel.</summary>
internal static class UNetPixelConfig
{
    private const int UsualSide = 32;

    public static UNetConfig Read(CheckpointConfig config, bool hasMiddle)
    {
        var reader = new UNetConfigReader(config);
        var channels = reader.Channels(224, 448, 672, 896);
        var levels = channels.Count;
        var (down, up) = (
            reader.Mixings("down_block_types", up: false, levels, "DownBlock2D", "AttnDownBlock2D", "AttnDownBlock2D", "AttnDownBlock2D"),
            reader.Mixings("up_block_types", up: true, levels, "AttnUpBlock2D", "AttnUpBlock2D", "AttnUpBlock2D", "UpBlock2D"));
        config.Require(down.Concat(up).All(m => m.Mixing != UNetMixing.Transformer), "a UNet2DModel reads no text, and has no block that does");
        var (downType, upType) = (config.Expect("downsample_type", "conv", "resnet"), config.Expect("upsample_type", "conv", "resnet"));
        config.Expect("mid_block_type", "UNetMidBlock2D");
        config.Expect("timestep_scale", "1000");
        config.Ignore("num_train_timesteps");
        reader.IgnoreNotes();

        // Null is one head, however wide; a missing key is the default of 8 channels a head.
        var perHead = config.Integer("attention_head_dim", 1, UNetConfig.MostChannels, 8);
        var single = config.IsNull("attention_head_dim");
        var groups = config.Integer("norm_num_groups", 1, UNetConfig.MostChannels, 32);
        var layers = config.Integer("layers_per_block", 1, UNetConfig.MostLayers, 2);
        var scaleShift = reader.ScaleShift;
        var middleGroups = config.Integer("attn_norm_num_groups", 1, UNetConfig.MostChannels, 0);
        var middleAttends = config.Flag("add_attention") ?? true;
        var time = reader.Time(channels[0]);
        var middleScale = config.Positive("mid_block_scale_factor", 1);
        return new UNetConfig
        {
            TakesText = false,
            Inputs = config.Integer("in_channels", 1, UNetConfig.MostChannels, 3),
            Outputs = config.Integer("out_channels", 1, UNetConfig.MostChannels, 3),
            Side = reader.Side(UsualSide << Math.Max(0, levels - 6), levels),
            Levels = [.. Enumerable.Range(0, levels).Select(i => new UNetLevel(channels[i], layers, Stage(down[i], downType, i), Stage(up[levels - 1 - i], upType, i)))],
            Middle = !hasMiddle ? null : new(middleAttends ? UNetMixing.Attention : UNetMixing.None, false, Heads(channels[^1]))
            {
                Scale = middleScale,
                AttentionGroups = middleGroups > 0 ? middleGroups : scaleShift ? null : groups,
            },
            MiddleLayers = 2,
            Groups = groups,
            Epsilon = config.Positive("norm_eps", 1e-5),
            Activation = reader.Active(),
            OutputActivation = Activation.Silu,
            ScaleShift = scaleShift,
            DownPadding = config.Integer("downsample_padding", 0, 1, 1),
            IsCentred = config.Flag("center_input_sample") ?? false,
            Time = time,
            Classes = Classes(config, reader, time),
            Prediction = reader.Prediction,
            TrainSteps = 1000,
        }.Checked(config);

        UNetStage Stage((UNetMixing Mixing, bool ByResidual) given, string? type, int level) =>
            new(given.Mixing, given.ByResidual || (given.Mixing == UNetMixing.Attention && type == "resnet"), Heads(channels[level])) { AttentionGroups = groups };

        int Heads(int width) => single ? 1 : Math.Max(1, width / perHead);
    }

    private static UNetClasses Classes(CheckpointConfig config, UNetConfigReader reader, UNetTime time)
    {
        var table = reader.Table();
        return config.Expect("class_embed_type", "timestep", "identity") switch
        {
            "timestep" => new(UNetClassForm.Number),
            "identity" => new(UNetClassForm.Identity, Width: time.Width),
            _ => table,
        };
    }
}
