namespace Acceleration.Models;

/// <summary>The sizes of a Stable Diffusion 3 network.</summary>
internal sealed record SD3Config
{
    /// <summary>Tokens of CLIP and T5 together.</summary>
    public const int UsualText = 77 + 256;

    private const int MostWidth = 1 << 14;
    private const int MostBlocks = 1 << 10;
    private const int MostSide = 1 << 12;

    /// <summary>Latent channels.</summary>
    public required int Channels { get; init; }

    /// <summary>Channels of what is put beside the latents: 0 usually.</summary>
    public required int Beside { get; init; }

    public required int Patch { get; init; }

    /// <summary>Latent side in training.</summary>
    public required int Side { get; init; }

    /// <summary>Side of the position table in patches.</summary>
    public required int TableSide { get; init; }

    public required int Heads { get; init; }

    public required int Width { get; init; }

    public required int Depth { get; init; }

    public required int TextWidth { get; init; }

    public required int PooledWidth { get; init; }

    /// <summary>Whether queries and keys have RMS norms.</summary>
    public required bool Normed { get; init; }

    /// <summary>Blocks with a second attention of the image to itself.</summary>
    public required IReadOnlySet<int> Dual { get; init; }

    /// <summary>About how many parameters.</summary>
    public double Parameters
    {
        get
        {
            double width = Width, square = width * width;
            return (width * (TextWidth + PooledWidth + ((double)Patch * Patch * ((2 * Channels) + Beside)) + ((double)TableSide * TableSide))) + ((Depth - 0.5) * 36 * square) + (Dual.Count * 7 * square);
        }
    }

    /// <summary>The keys of an SD3Transformer2DModel, with its defaults.</summary>
    public static SD3Config Of(CheckpointConfig config)
    {
        var inputs = config.Integer("in_channels", 1, MostWidth, 16);
        var outputs = config.Integer("out_channels", 1, MostWidth, 16);
        var heads = config.Integer("num_attention_heads", 1, MostWidth, 18);
        var width = heads * config.Integer("attention_head_dim", 1, MostWidth / heads, 64);
        var depth = config.Integer("num_layers", 1, MostBlocks, 18);
        var caption = config.Integer("caption_projection_dim", 1, MostWidth, 1152);
        var made = new SD3Config
        {
            Channels = outputs,
            Beside = inputs - outputs,
            Patch = config.Integer("patch_size", 1, MostSide, 2),
            Side = config.Integer("sample_size", 1, MostSide, 128),
            TableSide = config.Integer("pos_embed_max_size", 1, MostSide, 96),
            Heads = heads,
            Width = width,
            Depth = depth,
            TextWidth = config.Integer("joint_attention_dim", 1, MostWidth, 4096),
            PooledWidth = config.Integer("pooled_projection_dim", 1, MostWidth, 2048),
            Normed = config.Expect("qk_norm", "rms_norm") is not null,
            Dual = (config.Integers("dual_attention_layers", 0, depth - 1, mayBeNone: true) ?? []).ToHashSet(),
        };
        config.RequireAllRead();
        config.Require(caption == width, $"caption_projection_dim = {caption} must be num_attention_heads · attention_head_dim = {width}: text and image tokens meet in one attention");
        config.Require(outputs <= inputs, $"out_channels = {outputs} is more than in_channels = {inputs}; latents have the channels that the network predicts");
        config.Require(made.Side >= made.Patch, $"sample_size = {made.Side} is less than a patch, {made.Patch}");
        return made;
    }
}
