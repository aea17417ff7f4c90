namespace Acceleration.Models;

/// <summary>The sizes of a Wan.</summary>
internal sealed record WanConfig
{
    private const int MostWidth = 1 << 14;
    private const int MostHidden = 1 << 18;
    private const int MostBlocks = 1 << 10;
    private const int MostSide = 1 << 13;

    // Latents of 81 frames of 832 × 480 pixels.
    private const int UsualFrames = 21;
    private const int UsualHeight = 60;
    private const int UsualWidth = 104;

    /// <summary>Channels of the latents that are denoised, and of the output.</summary>
    public required int Channels { get; init; }

    /// <summary>Channels of the latents that lie beside them: the first frame and its mask.</summary>
    public required int ChannelsBeside { get; init; }

    /// <summary>Frames of a patch.</summary>
    public required int FramePatch { get; init; }

    /// <summary>Height and width of a patch.</summary>
    public required int Patch { get; init; }

    public required int Heads { get; init; }

    public required int HeadWidth { get; init; }

    public required int Blocks { get; init; }

    public required int Hidden { get; init; }

    public required int TextWidth { get; init; }

    /// <summary>Width of an encoded image's tokens; null for networks without them.</summary>
    public required int? ImageWidth { get; init; }

    /// <summary>Tokens of the images together, where they have learned positions; null where they have none.</summary>
    public required int? ImageTokens { get; init; }

    /// <summary>Whether the image has keys and values of its own, else it is read as text.</summary>
    public required bool HasImageKeys { get; init; }

    public required bool HasCrossNorm { get; init; }

    /// <summary>Numbers that encode a time.</summary>
    public required int Frequencies { get; init; }

    public required double Epsilon { get; init; }

    /// <summary>Most positions on an axis.</summary>
    public required int MostPositions { get; init; }

    public int Width => Heads * HeadWidth;

    /// <summary>Numbers of a head that are turned by a row's or a column's position; the frame's turns the others.</summary>
    public int SideTurns => 2 * (HeadWidth / 6);

    /// <summary>A usual latent size that the network can take.</summary>
    public IReadOnlyList<long> SampleSize => [Channels, Usual(UsualFrames, FramePatch), Usual(UsualHeight, Patch), Usual(UsualWidth, Patch)];

    /// <summary>The keys of a WanTransformer3DModel; what is missing has its constructor's defaults.</summary>
    public static WanConfig Read(CheckpointConfig config)
    {
        config.Expect("qk_norm", "rms_norm_across_heads");
        var patch = config.Integers("patch_size", 1, MostSide) ?? [1, 2, 2];
        config.Require(patch.Count == 3, $"patch_size has {patch.Count} numbers; it must have frames, height and width");
        config.Require(patch[1] == patch[2], $"patches of {patch[1]} × {patch[2]} are not supported; height and width must be equal");
        var inputs = config.Integer("in_channels", 1, MostWidth, 16);
        var channels = config.Integer("out_channels", 1, MostWidth, 16);
        var heads = config.Integer("num_attention_heads", 1, MostWidth, 40);
        var head = config.Integer("attention_head_dim", 2, MostWidth / heads, 128);
        var (image, keys, positions) = (config.Integer("image_dim", 1, MostWidth, 0), config.Integer("added_kv_proj_dim", 1, MostWidth, 0), config.Integer("pos_embed_seq_len", 1, MostHidden, 0));
        var read = new WanConfig
        {
            Channels = channels,
            ChannelsBeside = inputs - channels,
            FramePatch = patch[0],
            Patch = patch[1],
            Heads = heads,
            HeadWidth = head,
            Blocks = config.Integer("num_layers", 1, MostBlocks, 40),
            Hidden = config.Integer("ffn_dim", 1, MostHidden, 13824),
            TextWidth = config.Integer("text_dim", 1, MostWidth, 4096),
            ImageWidth = image == 0 ? null : image,
            ImageTokens = image == 0 || positions == 0 ? null : positions,
            HasImageKeys = keys != 0,
            HasCrossNorm = config.Flag("cross_attn_norm") ?? true,
            Frequencies = config.Integer("freq_dim", 2, MostWidth, 256),
            Epsilon = config.Positive("eps", 1e-6),
            MostPositions = config.Integer("rope_max_seq_len", 1, MostHidden, 1024),
        };
        config.RequireAllRead();
        config.Require(head % 2 == 0, $"a head of {head} numbers cannot be turned in pairs");
        config.Require(read.Frequencies % 2 == 0, $"freq_dim is {read.Frequencies}; sines and cosines come in pairs");
        config.Require(inputs >= channels, $"it takes {inputs} channels and returns {channels}; it must take at least those");
        config.Require(keys == 0 || keys == read.Width, $"images are projected to a width of {read.Width}, but added_kv_proj_dim is {keys}");
        config.Require(keys == 0 || image != 0, "added_kv_proj_dim asks for image tokens, but image_dim does not say their width");
        return read;
    }

    private long Usual(int side, int patch) => Math.Min((side + patch - 1) / patch, MostPositions) * (long)patch;
}
