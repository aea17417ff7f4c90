namespace Acceleration.Models;

/// <summary>The sizes of a T5 or UMT5 encoder; what a configuration leaves out is the class's default.</summary>
internal sealed record T5Config
{
    private const int MostWidth = 1 << 14;
    private const int MostHidden = 1 << 18;
    private const int MostLayers = 1 << 10;
    private const int MostIds = 1 << 24;
    private const string Gated = "gated-";

    public required int Width { get; init; }

    /// <summary>Width of a head.</summary>
    public required int HeadWidth { get; init; }

    public required int Heads { get; init; }

    public required int Hidden { get; init; }

    public required int Layers { get; init; }

    public required int Vocabulary { get; init; }

    public required int Buckets { get; init; }

    public required int Farthest { get; init; }

    public required double Epsilon { get; init; }

    public required Activation Activation { get; init; }

    public required bool IsGated { get; init; }

    public int Inner => Heads * HeadWidth;

    public static T5Config Read(CheckpointConfig config, bool isUmt5)
    {
        TextCheckpoints.IgnoreFree(config);
        config.Ignore("eos_token_id", "scalable_attention");
        config.Expect("is_decoder", "false");
        var form = config.Expect("feed_forward_proj", "relu", "gelu", "gelu_new", "silu", Gated + "relu", Gated + "gelu", Gated + "gelu_new", Gated + "silu") ?? (isUmt5 ? Gated + "gelu" : "relu");
        var isGated = form.StartsWith(Gated, StringComparison.OrdinalIgnoreCase);

        // The GELU of this one name is the tanh form.
        var function = isGated && form.EndsWith("-gelu", StringComparison.OrdinalIgnoreCase) ? "gelu_new" : form[(isGated ? Gated.Length : 0)..];
        var read = new T5Config
        {
            Width = config.Integer("d_model", 1, MostWidth, 512),
            HeadWidth = config.Integer("d_kv", 1, MostWidth, 64),
            Heads = config.Integer("num_heads", 1, MostWidth, isUmt5 ? 6 : 8),
            Hidden = config.Integer("d_ff", 1, MostHidden, isUmt5 ? 1024 : 2048),
            Layers = config.Integer("num_layers", 1, MostLayers, isUmt5 ? 8 : 6),
            Vocabulary = config.Integer("vocab_size", 1, MostIds, isUmt5 ? 250112 : 32128),
            Buckets = config.Integer("relative_attention_num_buckets", 4, 1 << 16, 32),
            Farthest = config.Integer("relative_attention_max_distance", 2, 1 << 24, 128),
            Epsilon = config.Positive("layer_norm_epsilon", 1e-6),
            Activation = Activations.Of(config, "dense_act_fn", function),
            IsGated = config.Flag("is_gated_act") ?? isGated,
        };
        config.Require(read.Farthest > read.Buckets / 4, $"relative_attention_max_distance {read.Farthest} is too small for {read.Buckets} buckets");
        config.Require((long)read.Heads * read.HeadWidth <= MostHidden, $"{read.Heads} heads of width {read.HeadWidth} are more than {MostHidden}");
        config.RequireAllRead();
        return read;
    }
}
