namespace Acceleration.Models;

/// <summary>The sizes of a DiT, from either form of configuration.</summary>
internal sealed record DiTConfig
{
    private const int MostWidth = 1 << 14;
    private const int MostHidden = 1 << 18;
    private const int MostBlocks = 1 << 10;
    private const int MostSide = 1 << 13;
    private const int MostClasses = 1 << 24;

    public required int Channels { get; init; }

    public required int Patch { get; init; }

    public required int Width { get; init; }

    public required int Depth { get; init; }

    public required int Heads { get; init; }

    public required int Classes { get; init; }

    /// <summary>Latent side in training.</summary>
    public required int Side { get; init; }

    /// <summary>Width inside the feed-forward part.</summary>
    public required int Hidden { get; init; }

    /// <summary>ε of the norm before the feed-forward part; all others have 1e-6.</summary>
    public double FeedForwardEpsilon { get; init; } = 1e-6;

    /// <summary>Whether the output has variance logits; null where only the output layer's shape tells.</summary>
    public bool? LearnedVariance { get; init; }

    public required NoiseTable Noise { get; init; }

    public int GridSide => Side / Patch;

    /// <summary>The original release's keys; a sample network's metadata adds its noise schedule and notes.</summary>
    public static DiTConfig Original(CheckpointConfig config)
    {
        config.Expect("architecture", "DiT");
        config.Expect("prediction", "epsilon");
        config.Ignore("class_dropout_prob", "steps", "data", "class_names", "format", "license");
        var width = config.Integer("hidden_size", 4, MostWidth);
        return new DiTConfig
        {
            Channels = config.Integer("in_channels", 1, MostWidth),
            Patch = config.Integer("patch_size", 1, MostSide),
            Width = width,
            Depth = config.Integer("depth", 1, MostBlocks),
            Heads = config.Integer("num_heads", 1, width),
            Classes = config.Integer("num_classes", 1, MostClasses),
            Side = config.Integer("input_size", 1, MostSide),
            Hidden = (int)Math.Min(width * config.Positive("mlp_ratio", 4), MostHidden + 1),
            LearnedVariance = config.Flag("learn_sigma"),
            Noise = NoiseOf(config),
        }.Checked(config);
    }

    /// <summary>The keys of a DiTTransformer2DModel.</summary>
    public static DiTConfig Diffusers(CheckpointConfig config)
    {
        config.Expect("activation_fn", "gelu-approximate");
        config.Expect("attention_bias", "true");
        config.Expect("norm_elementwise_affine", "false");
        config.Expect("norm_type", "ada_norm_zero");
        config.Expect("upcast_attention", "false");
        config.Expect("only_cross_attention", "false");
        config.Expect("double_self_attention", "false");
        config.Expect("attention_type", "default");
        config.Ignore("dropout", "norm_num_groups", "use_linear_projection");
        var channels = config.Integer("in_channels", 1, MostWidth);
        var outputs = config.Integer("out_channels", 1, 2 * MostWidth, channels);
        if (outputs != channels && outputs != 2 * channels)
        {
            config.Expect("out_channels", $"{channels}", $"{2 * channels}");
        }

        var heads = config.Integer("num_attention_heads", 1, MostWidth);
        var width = heads * config.Integer("attention_head_dim", 1, MostWidth / heads);
        return new DiTConfig
        {
            Channels = channels,
            Patch = config.Integer("patch_size", 1, MostSide),
            Width = width,
            Depth = config.Integer("num_layers", 1, MostBlocks),
            Heads = heads,
            Classes = config.Integer("num_embeds_ada_norm", 1, MostClasses),
            Side = config.Integer("sample_size", 1, MostSide),
            Hidden = 4 * width,
            FeedForwardEpsilon = config.Positive("norm_eps", 1e-5),
            LearnedVariance = outputs == 2 * channels,
            Noise = NoiseOf(config),
        }.Checked(config);
    }

    private static NoiseTable NoiseOf(CheckpointConfig config)
    {
        config.Expect("beta_schedule", "linear");
        var start = config.Positive("beta_start", 1e-4);
        var end = config.Positive("beta_end", 0.02);
        var steps = config.Integer("num_train_timesteps", 1, 1 << 20, 1000);
        try
        {
            return NoiseTable.Make(BetaSchedule.Linear, start, end, steps);
        }
        catch (ArgumentException e)
        {
            throw config.Misfit($"beta_start and beta_end make no noise levels: {e.Message.Split(" (Parameter")[0]}", e);
        }
    }

    private DiTConfig Checked(CheckpointConfig config)
    {
        config.RequireAllRead();
        config.Require(Width % 4 == 0, $"a width of {Width} has no sine-cosine positions; it must be a multiple of 4");
        config.Require(Width % Heads == 0, $"a width of {Width} cannot be divided among {Heads} heads");
        config.Require(Hidden is > 0 and <= MostHidden, $"a width of {Width} times mlp_ratio must be a whole number from 1 to {MostHidden}");
        config.Require(Side % Patch == 0, $"a side of {Side} is no multiple of the patch, {Patch}");
        return this;
    }
}
