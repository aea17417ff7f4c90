namespace Acceleration.Benchmarks;

/// <summary>The parameters of the UNet of Stable Diffusion 1.5, as diffusers names them.</summary>
internal static class UNetShapes
{
    public const int TextWidth = 768;
    public const int TextTokens = 77;
    private const int Layers = 2;
    private const long TimeWidth = 1280;
    private static readonly long[] Channels = [320, 640, 1280, 1280];

    public const string Config = """
        {"_class_name": "UNet2DConditionModel", "sample_size": 64, "in_channels": 4, "out_channels": 4, "block_out_channels": [320, 640, 1280, 1280], "layers_per_block": 2,
        "down_block_types": ["CrossAttnDownBlock2D", "CrossAttnDownBlock2D", "CrossAttnDownBlock2D", "DownBlock2D"],
        "up_block_types": ["UpBlock2D", "CrossAttnUpBlock2D", "CrossAttnUpBlock2D", "CrossAttnUpBlock2D"], "attention_head_dim": 8, "cross_attention_dim": 768, "norm_eps": 1e-05,
        "norm_num_groups": 32, "flip_sin_to_cos": true, "freq_shift": 0, "downsample_padding": 1, "center_input_sample": false, "act_fn": "silu", "mid_block_scale_factor": 1}
        """;

    public static IReadOnlyList<(string Name, long[] Shape)> Parameters =>
    [
        .. Convolution("conv_in", 4, Channels[0]),
        .. Linear("time_embedding.linear_1", Channels[0], TimeWidth),
        .. Linear("time_embedding.linear_2", TimeWidth, TimeWidth),
        .. Enumerable.Range(0, Channels.Length).SelectMany(Down),
        .. Residual("mid_block.resnets.0", Channels[^1], Channels[^1]),
        .. Transformer("mid_block.attentions.0", Channels[^1]),
        .. Residual("mid_block.resnets.1", Channels[^1], Channels[^1]),
        .. Enumerable.Range(0, Channels.Length).SelectMany(Up),
        .. Pair("conv_norm_out", Channels[0]),
        .. Convolution("conv_out", Channels[0], 4),
    ];

    private static IEnumerable<(string, long[])> Down(int level)
    {
        var (block, last, channels) = ($"down_blocks.{level}", level == Channels.Length - 1, Channels[level]);
        return
        [
            .. Enumerable.Range(0, Layers).SelectMany(i => Residual($"{block}.resnets.{i}", i == 0 ? Channels[Math.Max(level - 1, 0)] : channels, channels)),
            .. last ? [] : Enumerable.Range(0, Layers).SelectMany(i => Transformer($"{block}.attentions.{i}", channels)),
            .. last ? [] : Convolution($"{block}.downsamplers.0.conv", channels, channels),
        ];
    }

    private static IEnumerable<(string, long[])> Up(int index)
    {
        var level = Channels.Length - 1 - index;
        var (block, channels, below, outer) = ($"up_blocks.{index}", Channels[level], Channels[Math.Min(level + 1, Channels.Length - 1)], Channels[Math.Max(level - 1, 0)]);
        return
        [
            .. Enumerable.Range(0, Layers + 1).SelectMany(i => Residual($"{block}.resnets.{i}", (i == 0 ? below : channels) + (i == Layers ? outer : channels), channels)),
            .. index == 0 ? [] : Enumerable.Range(0, Layers + 1).SelectMany(i => Transformer($"{block}.attentions.{i}", channels)),
            .. level == 0 ? [] : Convolution($"{block}.upsamplers.0.conv", channels, channels),
        ];
    }

    private static IEnumerable<(string, long[])> Residual(string name, long inputs, long outputs) =>
    [
        .. Pair(name + ".norm1", inputs), .. Convolution(name + ".conv1", inputs, outputs), .. Linear(name + ".time_emb_proj", TimeWidth, outputs),
        .. Pair(name + ".norm2", outputs), .. Convolution(name + ".conv2", outputs, outputs), .. inputs == outputs ? [] : Convolution(name + ".conv_shortcut", inputs, outputs, 1),
    ];

    private static IEnumerable<(string, long[])> Transformer(string name, long width)
    {
        var block = name + ".transformer_blocks.0";
        IEnumerable<(string, long[])> Attention(string attention, long other) =>
        [
            ($"{attention}.to_q.weight", [width, width]), ($"{attention}.to_k.weight", [width, other]), ($"{attention}.to_v.weight", [width, other]), .. Linear(attention + ".to_out.0", width, width),
        ];
        return
        [
            .. Pair(name + ".norm", width), .. Convolution(name + ".proj_in", width, width, 1),
            .. Pair(block + ".norm1", width), .. Attention(block + ".attn1", width), .. Pair(block + ".norm2", width), .. Attention(block + ".attn2", TextWidth),
            .. Pair(block + ".norm3", width), .. Linear(block + ".ff.net.0.proj", width, 8 * width), .. Linear(block + ".ff.net.2", 4 * width, width),
            .. Convolution(name + ".proj_out", width, width, 1),
        ];
    }

    private static IEnumerable<(string, long[])> Convolution(string name, long inputs, long outputs, long kernel = 3) => [(name + ".weight", [outputs, inputs, kernel, kernel]), (name + ".bias", [outputs])];

    private static IEnumerable<(string, long[])> Linear(string name, long inputs, long outputs) => [(name + ".weight", [outputs, inputs]), (name + ".bias", [outputs])];

    private static IEnumerable<(string, long[])> Pair(string name, long channels) => [(name + ".weight", [channels]), (name + ".bias", [channels])];
}
