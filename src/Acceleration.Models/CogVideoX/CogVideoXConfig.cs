namespace Acceleration.Models;

/// <summary>The sizes of a CogVideoX.</summary>
internal sealed record CogVideoXConfig
{
    private const int MostWidth = 1 << 14;
    private const int MostBlocks = 1 << 10;
    private const int MostSide = 1 << 13;

    /// <summary>Channels of the latents that are denoised, and of the output.</summary>
    public required int Channels { get; init; }

    /// <summary>Channels of the latents that lie beside them: the first frame.</summary>
    public required int ChannelsBeside { get; init; }

    /// <summary>Height and width of a patch.</summary>
    public required int Patch { get; init; }

    /// <summary>Frames of a patch; null for networks that take every frame for itself.</summary>
    public required int? FramePatch { get; init; }

    /// <summary>Whether patches are embedded with a bias.</summary>
    public required bool PatchBias { get; init; }

    public required int Heads { get; init; }

    public required int HeadWidth { get; init; }

    public required int Blocks { get; init; }

    /// <summary>Whether queries, keys and values have a bias.</summary>
    public required bool AttentionBias { get; init; }

    public required TransformerFeedForward.Kind FeedForward { get; init; }

    public required int TextWidth { get; init; }

    /// <summary>Text tokens, padding included, as the network was trained with.</summary>
    public required int TextTokens { get; init; }

    public required int TimeWidth { get; init; }

    public required Activation TimeActivation { get; init; }

    public required bool CosinesFirst { get; init; }

    public required double FrequencyShift { get; init; }

    /// <summary>Whether it is told how strongly the first frame was noised.</summary>
    public required bool HasOffset { get; init; }

    /// <summary>Whether norms have weights of their own.</summary>
    public required bool AffineNorms { get; init; }

    /// <summary>ε of all norms but those of queries and keys.</summary>
    public required double Epsilon { get; init; }

    public required bool IsRotary { get; init; }

    /// <summary>Whether the positions that are added are learned ones.</summary>
    public required bool IsLearned { get; init; }

    /// <summary>Latent height, width and frames in training.</summary>
    public required (int Height, int Width, int Frames) Trained { get; init; }

    /// <summary>How much closer positions lie in space than tokens.</summary>
    public required double SpaceScale { get; init; }

    /// <summary>How much closer positions lie in time than tokens.</summary>
    public required double TimeScale { get; init; }

    public int Width => Heads * HeadWidth;

    /// <summary>Numbers of a token that goes in or out, for each channel.</summary>
    public int PatchNumbers => Patch * Patch * (FramePatch ?? 1);

    /// <summary>The keys of a CogVideoXTransformer3DModel; what is missing has its constructor's defaults.</summary>
    public static CogVideoXConfig Read(CheckpointConfig config)
    {
        config.Ignore("dropout");
        var inputs = config.Integer("in_channels", 1, MostWidth, 16);
        var channels = config.Integer("out_channels", 1, MostWidth, 16);
        var heads = config.Integer("num_attention_heads", 1, MostWidth, 30);
        var frames = config.Integer("patch_size_t", 1, MostSide, 0);
        var time = config.Integer("time_embed_dim", 1, MostWidth, 512);
        var offset = config.Integer("ofs_embed_dim", 0, MostWidth, 0);
        var compression = config.Integer("temporal_compression_ratio", 1, MostSide, 4);
        var read = new CogVideoXConfig
        {
            Channels = channels,
            ChannelsBeside = inputs - channels,
            Patch = config.Integer("patch_size", 1, MostSide, 2),
            FramePatch = frames == 0 ? null : frames,
            PatchBias = config.Flag("patch_bias") ?? true,
            Heads = heads,
            HeadWidth = config.Integer("attention_head_dim", 1, MostWidth / heads, 64),
            Blocks = config.Integer("num_layers", 1, MostBlocks, 30),
            AttentionBias = config.Flag("attention_bias") ?? true,
            FeedForward = TransformerFeedForward.KindOf(config, "activation_fn", "gelu-approximate"),
            TextWidth = config.Integer("text_embed_dim", 1, MostWidth, 4096),
            TextTokens = config.Integer("max_text_seq_length", 1, MostWidth, 226),
            TimeWidth = time,
            TimeActivation = Activations.Of(config, "timestep_activation_fn", "silu", Activation.Silu, Activation.Gelu, Activation.Mish, Activation.Relu),
            CosinesFirst = config.Flag("flip_sin_to_cos") ?? true,
            FrequencyShift = config.Number("freq_shift", 0),
            HasOffset = offset != 0,
            AffineNorms = config.Flag("norm_elementwise_affine") ?? true,
            Epsilon = config.Positive("norm_eps", 1e-5),
            IsRotary = config.Flag("use_rotary_positional_embeddings") ?? false,
            IsLearned = config.Flag("use_learned_positional_embeddings") ?? false,
            Trained = (
                config.Integer("sample_height", 1, MostSide, 60),
                config.Integer("sample_width", 1, MostSide, 90),
                ((config.Integer("sample_frames", 1, MostSide, 49) - 1) / compression) + 1),
            SpaceScale = config.Positive("spatial_interpolation_scale", 1.875),
            TimeScale = config.Positive("temporal_interpolation_scale", 1),
        };
        config.RequireAllRead();
        read.Check(config, offset);
        return read;
    }

    private void Check(CheckpointConfig config, int offset)
    {
        config.Require(ChannelsBeside >= 0, $"it takes {Channels + ChannelsBeside} channels and returns {Channels}; it must take at least those");
        config.Require(Width % 2 == 0, $"a width of {Width} cannot encode a time; sines and cosines come in pairs");
        config.Require(!HasOffset || offset == TimeWidth, $"ofs_embed_dim is {offset} and time_embed_dim {TimeWidth}; what they embed is added, so they must be equal");
        config.Require(!HasOffset || offset % 2 == 0, $"ofs_embed_dim is {offset}; sines and cosines come in pairs");
        config.Require(FrequencyShift < Math.Min(Width, HasOffset ? offset : Width) / 2, $"freq_shift must be smaller than the number of frequencies, {Width / 2}");
        config.Require(IsRotary || !IsLearned, "learned positions without rotary ones were never published; use_rotary_positional_embeddings must be true");
        config.Require(!IsRotary || HeadWidth % 16 == 0, $"a head of {HeadWidth} numbers cannot be turned by frame, row and column; it must be a multiple of 16");
        config.Require(IsRotary && !IsLearned || Width % 16 == 0, $"a width of {Width} has no sine-cosine positions in space and time; it must be a multiple of 16");
        config.Require(Trained.Height % Patch == 0 && Trained.Width % Patch == 0, $"sides of {Trained.Height} and {Trained.Width} are no multiples of the patch, {Patch}");
    }
}
