namespace Acceleration.Models;

/// <summary>The sizes of a PixArt network.</summary>
internal sealed record PixArtConfig
{
    private const int MostWidth = 1 << 14;
    private const int MostBlocks = 1 << 10;
    private const int MostSide = 1 << 13;

    public required int Channels { get; init; }

    public required int Patch { get; init; }

    /// <summary>Latent side in training.</summary>
    public required int Side { get; init; }

    public required int Heads { get; init; }

    public required int Width { get; init; }

    public required int Depth { get; init; }

    /// <summary>Width of the text that blocks attend to.</summary>
    public required int CrossWidth { get; init; }

    /// <summary>Width of the encoded text that a projection makes that of; null where there is none.</summary>
    public required int? CaptionWidth { get; init; }

    /// <summary>Whether queries, keys and values have biases.</summary>
    public required bool AttentionBias { get; init; }

    /// <summary>Whether norms have weights of their own.</summary>
    public required bool AffineNorms { get; init; }

    /// <summary>ε of the blocks' norms.</summary>
    public required double Epsilon { get; init; }

    /// <summary>What the coordinates of patches are divided by.</summary>
    public required double PositionScale { get; init; }

    /// <summary>Whether size and aspect ratio are embedded beside the time.</summary>
    public required bool Sized { get; init; }

    /// <summary>Channels of the output: the latents', or twice as many with variance logits; null where only the output layer's shape tells.</summary>
    public required int? Outputs { get; init; }

    public int GridSide => Side / Patch;

    /// <summary>Width inside feed-forward parts.</summary>
    public int Hidden => 4 * Width;

    /// <summary>Tokens that a text usually has: 120 in the first version, 300 in Sigma.</summary>
    public int UsualText => Side >= 128 && !Sized ? 300 : 120;

    public int TextWidth => CaptionWidth ?? CrossWidth;

    /// <summary>About how many parameters.</summary>
    public double Parameters
    {
        get
        {
            double width = Width, square = width * width;
            return (width * ((double)Patch * Patch * 2 * Channels)) + (width * (CaptionWidth ?? 0)) + (6 * square) + (Depth * ((14 * square) + (2 * width * CrossWidth)));
        }
    }

    /// <summary>The keys of a PixArtTransformer2DModel, with its defaults; and those of the Transformer2DModel that it was published as.</summary>
    public static PixArtConfig Of(CheckpointConfig config)
    {
        config.Expect("activation_fn", "gelu-approximate");
        config.Expect("upcast_attention", "false");
        config.Expect("norm_type", "ada_norm_single");
        config.Expect("attention_type", "default");
        config.Expect("only_cross_attention", "false");
        config.Expect("double_self_attention", "false");
        config.Ignore("dropout", "norm_num_groups", "num_embeds_ada_norm", "use_linear_projection");
        var heads = config.Integer("num_attention_heads", 1, MostWidth, 16);
        var width = heads * config.Integer("attention_head_dim", 1, MostWidth / heads, 72);
        var side = config.Integer("sample_size", 1, MostSide, 128);
        var made = new PixArtConfig
        {
            Channels = config.Integer("in_channels", 1, MostWidth, 4),
            Patch = config.Integer("patch_size", 1, MostSide, 2),
            Side = side,
            Heads = heads,
            Width = width,
            Depth = config.Integer("num_layers", 1, MostBlocks, 28),
            CrossWidth = config.Integer("cross_attention_dim", 1, MostWidth, 1152),
            CaptionWidth = config.Integer("caption_channels", 0, MostWidth, 0) is > 0 and var caption ? caption : null,
            AttentionBias = config.Flag("attention_bias") ?? true,
            AffineNorms = config.Flag("norm_elementwise_affine") ?? false,
            Epsilon = config.Positive("norm_eps", 1e-6),
            PositionScale = config.Positive("interpolation_scale", Math.Max(side / 64, 1)),
            Sized = config.Flag("use_additional_conditions") ?? side == 128,
            Outputs = config.Integer("out_channels", 0, 2 * MostWidth, 0) is > 0 and var outputs ? outputs : null,
        };
        config.RequireAllRead();
        config.Require(width % 4 == 0, $"a width of {width} has no sine-cosine positions; it must be a multiple of 4");
        config.Require(made.Side % made.Patch == 0, $"a side of {side} is no multiple of the patch, {made.Patch}");
        config.Require(made.CaptionWidth is null || made.CrossWidth == width, $"cross_attention_dim = {made.CrossWidth} must be num_attention_heads · attention_head_dim = {width}, the width of projected captions");
        config.Require(!made.Sized || width % 3 == 0, $"a width of {width} cannot be divided among height, width and aspect ratio; it must be a multiple of 3");
        config.Require(made.Outputs is null || made.Outputs == made.Channels || made.Outputs == 2 * made.Channels, $"out_channels = {made.Outputs} must be in_channels = {made.Channels} or twice as many");
        return made;
    }
}
