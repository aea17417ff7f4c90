namespace Acceleration.Models;

/// <summary>Reads the configuration of a UNet2DConditionModel.</summary>
internal static class UNetTextConfig
{
    private const int UsualSide = 64;
    private const int MostWidth = 1 << 16;

    public static UNetConfig Read(CheckpointConfig config, bool hasMiddle)
    {
        var reader = new UNetConfigReader(config);
        var channels = reader.Channels(320, 640, 1280, 1280);
        var levels = channels.Count;
        var (down, up) = (
            reader.Mixings("down_block_types", up: false, levels, "CrossAttnDownBlock2D", "CrossAttnDownBlock2D", "CrossAttnDownBlock2D", "DownBlock2D"),
            reader.Mixings("up_block_types", up: true, levels, "UpBlock2D", "CrossAttnUpBlock2D", "CrossAttnUpBlock2D", "CrossAttnUpBlock2D"));
        RefuseOthers(config);
        reader.IgnoreNotes();

        // What is called the width of a head is the number of heads where there are transformer blocks, and the width elsewhere.
        var heads = reader.PerLevel("attention_head_dim", levels, UNetConfig.MostChannels, 8);
        var layers = reader.PerLevel("layers_per_block", levels, UNetConfig.MostLayers, 2);
        var widths = reader.PerLevel("cross_attention_dim", levels, MostWidth, 1280);
        config.Require(widths.Distinct().Count() == 1, "cross_attention_dim has several values, and there is one text");
        var cross = reader.Spread("only_cross_attention", config.Flags("only_cross_attention") ?? [false], levels);
        var depths = reader.Spread("transformer_layers_per_block", config.IntegerLists("transformer_layers_per_block", 0, UNetConfig.MostDepth) ?? [[1]], levels);
        var upDepths = config.IntegerLists("reverse_transformer_layers_per_block", 0, UNetConfig.MostDepth);
        config.Require(upDepths is not null || depths.All(d => d.Count == 1), "transformer_layers_per_block has lists of lists, and reverse_transformer_layers_per_block is missing");
        upDepths = upDepths is null ? [.. depths.Reverse()] : reader.Spread("reverse_transformer_layers_per_block", upDepths, levels);
        var groups = config.Integer("norm_num_groups", 1, UNetConfig.MostChannels, 32);
        config.Require(!config.IsNull("norm_num_groups"), "norm_num_groups is null, and residual blocks need groups");
        var (raw, scale) = (config.Flag("resnet_skip_time_act") ?? false, config.Positive("resnet_out_scale_factor", 1));
        var middle = config.Expect("mid_block_type", "UNetMidBlock2DCrossAttn", "UNetMidBlock2D") ?? "UNetMidBlock2DCrossAttn";
        var attends = middle == "UNetMidBlock2DCrossAttn";
        var middleScale = config.Positive("mid_block_scale_factor", 1);
        var active = reader.Active();
        var projected = config.Integer("encoder_hid_dim", 1, MostWidth, 0);
        var time = reader.Time(channels[0]) with
        {
            Activation = active,
            Last = reader.Optional("timestep_post_act"),
            OfSum = reader.Optional("time_embedding_act_fn"),
            Guidance = config.Integer("time_cond_proj_dim", 1, MostWidth, 0) is > 0 and var guidance ? guidance : null,
        };
        return new UNetConfig
        {
            TakesText = true,
            Inputs = config.Integer("in_channels", 1, UNetConfig.MostChannels, 4),
            Outputs = config.Integer("out_channels", 1, UNetConfig.MostChannels, 4),
            Side = reader.Side(UsualSide << Math.Max(0, levels - 7), levels),
            Levels =
            [
                .. Enumerable.Range(0, levels).Select(i => new UNetLevel(
                    channels[i],
                    layers[i],
                    Stage(down[i], i, i) with { Depths = Depths("transformer_layers_per_block", depths[i], layers[i], down[i].Mixing) },
                    Stage(up[levels - 1 - i], i, levels - 1 - i) with { Depths = Depths("reverse_transformer_layers_per_block", upDepths[levels - 1 - i], layers[i] + 1, up[levels - 1 - i].Mixing) })),
            ],
            Middle = !hasMiddle ? null : new(attends ? UNetMixing.Transformer : UNetMixing.None, false, heads[^1]) { Scale = middleScale, TextWidth = widths[^1], Depths = [depths[^1][0]] },
            MiddleLayers = attends ? 2 : 1,
            Groups = groups,
            Epsilon = config.Positive("norm_eps", 1e-5),
            Activation = active,
            OutputActivation = active,
            ScaleShift = reader.ScaleShift,
            DownPadding = config.Integer("downsample_padding", 0, 1, 1),
            InputKernel = Kernel(config, "conv_in_kernel"),
            OutputKernel = Kernel(config, "conv_out_kernel"),
            IsCentred = config.Flag("center_input_sample") ?? false,
            Time = time,
            Classes = Classes(config, reader, time),
            TextTime = TextTime(config),
            TextWidth = projected > 0 ? projected : widths[0],
            TextProjection = projected > 0 ? widths[0] : null,
            UpcastAttention = config.Flag("upcast_attention") ?? false,
            Prediction = reader.Prediction,
            TrainSteps = 1000,
        }.Checked(config);

        // Pixel attention takes the widths of its heads in the order of the blocks, which on the way up begins with the coarsest.
        UNetStage Stage((UNetMixing Mixing, bool ByResidual) given, int level, int block) =>
            new(given.Mixing, given.ByResidual, given.Mixing == UNetMixing.Attention ? Math.Max(1, channels[level] / heads[block]) : heads[level])
            {
                TextWidth = widths[level],
                OnlyCross = cross[level],
                RawTime = given.ByResidual && raw,
                Scale = given.ByResidual ? scale : 1,
                AttentionGroups = groups,
            };

        IReadOnlyList<int> Depths(string key, IReadOnlyList<int> given, int count, UNetMixing mixing)
        {
            config.Require(mixing != UNetMixing.Transformer || given.Count == 1 || given.Count >= count, $"{key} says {given.Count} numbers for the {count} transformers of a level");
            return given;
        }
    }

    private static int Kernel(CheckpointConfig config, string key)
    {
        var kernel = config.Integer(key, 1, 31, 3);
        config.Require(kernel % 2 == 1, $"{key} is {kernel}, and must be odd");
        return kernel;
    }

    private static UNetClasses Classes(CheckpointConfig config, UNetConfigReader reader, UNetTime time)
    {
        var table = reader.Table();
        var joined = config.Flag("class_embeddings_concat") ?? false;
        var form = config.Expect("class_embed_type", "timestep", "identity", "projection", "simple_projection");
        var width = form is "projection" or "simple_projection" ? config.Integer("projection_class_embeddings_input_dim", 1, MostWidth) : 0;
        var classes = form switch
        {
            "timestep" => new UNetClasses(UNetClassForm.Number),
            "identity" => new(UNetClassForm.Identity, Width: time.Width),
            "projection" => new(UNetClassForm.Projection, Width: width),
            "simple_projection" => new(UNetClassForm.Linear, Width: width),
            _ => table,
        };
        config.Require(!joined || classes.Form != UNetClassForm.None, "class_embeddings_concat is true, and there are no classes");
        return classes with { IsJoined = joined };
    }

    private static (int Pooled, int Number)? TextTime(CheckpointConfig config)
    {
        config.Ignore("addition_embed_type_num_heads");
        var form = config.Expect("addition_embed_type", "text_time");
        var number = config.Integer("addition_time_embed_dim", 2, MostWidth, 0);
        var inputs = config.Integer("projection_class_embeddings_input_dim", 1, MostWidth, 0);
        if (form is null)
        {
            return null;
        }

        var pooled = inputs - (UNetConfig.TimeIds * number);
        config.Require(number > 0 && number % 2 == 0 && pooled > 0, $"of the {inputs} inputs of the added embedding, {UNetConfig.TimeIds} times an even addition_time_embed_dim, {number}, must leave some for the text");
        return (pooled, number);
    }

    private static void RefuseOthers(CheckpointConfig config)
    {
        config.Expect("num_attention_heads", "null");
        config.Expect("dual_cross_attention", "false");
        config.Expect("attention_type", "default");
        config.Expect("encoder_hid_dim_type", "text_proj");
        config.Ignore("use_linear_projection", "cross_attention_norm", "mid_block_only_cross_attention", "num_train_timesteps");
        config.Expect("timestep_scale", "1000");
    }
}
