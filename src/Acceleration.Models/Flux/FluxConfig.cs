namespace Acceleration.Models;

/// <summary>The sizes of a FLUX network.</summary>
internal sealed record FluxConfig
{
    public const int Patch = 2;

    /// <summary>Numbers of a packed token for each latent channel.</summary>
    public const int Packed = Patch * Patch;

    /// <summary>Width inside feed-forward parts, in widths of a token.</summary>
    public const int Growth = 4;

    private const int MostWidth = 1 << 14;
    private const int MostBlocks = 1 << 10;

    /// <summary>Latent channels.</summary>
    public required int Channels { get; init; }

    /// <summary>Channels of what is put beside the latents: 0 usually.</summary>
    public required int Beside { get; init; }

    public required int Heads { get; init; }

    public required int HeadWidth { get; init; }

    /// <summary>Blocks of two streams.</summary>
    public required int Doubles { get; init; }

    /// <summary>Blocks of one stream.</summary>
    public required int Singles { get; init; }

    public required int TextWidth { get; init; }

    public required int PooledWidth { get; init; }

    /// <summary>Whether the guidance scale is embedded.</summary>
    public required bool Guided { get; init; }

    /// <summary>Numbers of a head that each axis turns: text or reference index, rows, columns.</summary>
    public required IReadOnlyList<int> Axes { get; init; }

    public int Width => Heads * HeadWidth;

    /// <summary>Tokens that a text usually has.</summary>
    public int UsualText => Guided ? 512 : 256;

    /// <summary>About how many parameters.</summary>
    public double Parameters
    {
        get
        {
            double width = Width, square = width * width;
            return (width * (TextWidth + PooledWidth + (Packed * ((2.0 * Channels) + Beside)))) + (Doubles * 36 * square) + (Singles * 15 * square);
        }
    }

    /// <summary>The keys of a FluxTransformer2DModel, with its defaults.</summary>
    public static FluxConfig Of(CheckpointConfig config)
    {
        config.Expect("patch_size", "1");
        var inputs = config.Integer("in_channels", Packed, MostWidth, 64);
        var outputs = config.Integer("out_channels", Packed, MostWidth, inputs);
        var heads = config.Integer("num_attention_heads", 1, MostWidth, 24);
        var made = new FluxConfig
        {
            Channels = outputs / Packed,
            Beside = (inputs - outputs) / Packed,
            Heads = heads,
            HeadWidth = config.Integer("attention_head_dim", 2, MostWidth / heads, 128),
            Doubles = config.Integer("num_layers", 0, MostBlocks, 19),
            Singles = config.Integer("num_single_layers", 0, MostBlocks, 38),
            TextWidth = config.Integer("joint_attention_dim", 1, MostWidth, 4096),
            PooledWidth = config.Integer("pooled_projection_dim", 1, MostWidth, 768),
            Guided = config.Flag("guidance_embeds") ?? false,
            Axes = config.Integers("axes_dims_rope", 0, MostWidth) ?? [16, 56, 56],
        };
        config.RequireAllRead();
        config.Require(inputs % Packed == 0 && outputs % Packed == 0, $"in_channels = {inputs} and out_channels = {outputs} must be multiples of {Packed}: tokens are packed from 2 × 2 latent pixels");
        config.Require(outputs <= inputs, $"out_channels = {outputs} is more than in_channels = {inputs}; latents have the channels that the network predicts");
        config.Require(made.Doubles + made.Singles > 0, "num_layers and num_single_layers are both 0");
        config.Require(made.Axes.Count == 3 && made.Axes.Sum() == made.HeadWidth, $"axes_dims_rope = {string.Join(", ", made.Axes)} must be three numbers with the sum of attention_head_dim, {made.HeadWidth}");
        config.Require(made.Axes.All(a => a % 2 == 0), $"axes_dims_rope = {string.Join(", ", made.Axes)} must be even: rotary positions turn pairs");
        return made;
    }
}
