namespace Acceleration.Models;

/// <summary>The sizes of a Latte.</summary>
internal sealed record LatteConfig
{
    private const int MostWidth = 1 << 14;
    private const int MostBlocks = 1 << 10;
    private const int MostSide = 1 << 13;

    public required int Channels { get; init; }

    public required int OutputChannels { get; init; }

    public required int Patch { get; init; }

    public required int Heads { get; init; }

    public required int Width { get; init; }

    /// <summary>Spatial blocks, and temporal ones.</summary>
    public required int Layers { get; init; }

    /// <summary>Width of a text token.</summary>
    public required int TextWidth { get; init; }

    /// <summary>Whether spatial blocks attend to text.</summary>
    public required bool ReadsText { get; init; }

    /// <summary>Latent side in training.</summary>
    public required int Side { get; init; }

    /// <summary>Latent frames in training.</summary>
    public required int Frames { get; init; }

    /// <summary>Whether queries, keys and values have a bias.</summary>
    public required bool AttentionBias { get; init; }

    /// <summary>Whether the norms of blocks have weights of their own.</summary>
    public required bool AffineNorms { get; init; }

    /// <summary>ε of the norms of blocks.</summary>
    public required double Epsilon { get; init; }

    public required TransformerFeedForward.Kind FeedForward { get; init; }

    public int Hidden => 4 * Width;

    public int GridSide => Side / Patch;

    /// <summary>Larger pictures are positioned as if they were enlarged ones.</summary>
    public int Enlargement => Math.Max(Side / 64, 1);

    /// <summary>The keys of a LatteTransformer3DModel; what is missing has its constructor's defaults.</summary>
    public static LatteConfig Read(CheckpointConfig config)
    {
        config.Require(config.Expect("norm_type", "ada_norm_single") is not null, "norm_type is missing, which means layer_norm; supported is ada_norm_single");
        config.Ignore("dropout", "num_embeds_ada_norm");
        var channels = config.Integer("in_channels", 1, MostWidth);
        var outputs = config.Integer("out_channels", 1, 2 * MostWidth, channels);
        if (outputs != channels && outputs != 2 * channels)
        {
            config.Expect("out_channels", $"{channels}", $"{2 * channels}");
        }

        var heads = config.Integer("num_attention_heads", 1, MostWidth, 16);
        var width = heads * config.Integer("attention_head_dim", 1, MostWidth / heads, 88);
        var text = config.Integer("cross_attention_dim", 1, MostWidth, 0);
        var read = new LatteConfig
        {
            Channels = channels,
            OutputChannels = outputs,
            Patch = config.Integer("patch_size", 1, MostSide),
            Heads = heads,
            Width = width,
            Layers = config.Integer("num_layers", 1, MostBlocks, 1),
            TextWidth = config.Integer("caption_channels", 1, MostWidth),
            ReadsText = text != 0,
            Side = config.Integer("sample_size", 1, MostSide, 64),
            Frames = config.Integer("video_length", 1, MostSide, 16),
            AttentionBias = config.Flag("attention_bias") ?? false,
            AffineNorms = config.Flag("norm_elementwise_affine") ?? true,
            Epsilon = config.Positive("norm_eps", 1e-5),
            FeedForward = TransformerFeedForward.KindOf(config, "activation_fn", "geglu"),
        };
        config.RequireAllRead();
        config.Require(width % 4 == 0, $"a width of {width} has no sine-cosine positions; it must be a multiple of 4");
        config.Require(text == 0 || text == width, $"the text is projected to a width of {width}, but cross_attention_dim is {text}");
        config.Require(read.Side % read.Patch == 0, $"a side of {read.Side} is no multiple of the patch, {read.Patch}");
        return read;
    }
}
