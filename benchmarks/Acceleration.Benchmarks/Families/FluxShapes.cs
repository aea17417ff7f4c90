namespace Acceleration.Benchmarks;

/// <summary>The parameters of a FLUX.1-dev with fewer blocks, as diffusers names them.</summary>
/// <param name="Heads">Heads of 128.</param>
/// <param name="Doubles">Blocks of two streams.</param>
/// <param name="Singles">Blocks of one stream.</param>
internal sealed record FluxShapes(int Heads, int Doubles, int Singles)
{
    public const int TextWidth = 4096;
    public const int PooledWidth = 768;
    private const int HeadWidth = 128;
    private const int Packed = 64;

    private long Width => Heads * HeadWidth;

    public string Config => $$"""
        {"_class_name": "FluxTransformer2DModel", "patch_size": 1, "in_channels": {{Packed}}, "num_layers": {{Doubles}}, "num_single_layers": {{Singles}}, "attention_head_dim": {{HeadWidth}},
        "num_attention_heads": {{Heads}}, "joint_attention_dim": {{TextWidth}}, "pooled_projection_dim": {{PooledWidth}}, "guidance_embeds": true, "axes_dims_rope": [16, 56, 56]}
        """;

    public IReadOnlyList<(string Name, long[] Shape)> Parameters =>
    [
        .. Layer("x_embedder", Packed, Width),
        .. Layer("context_embedder", TextWidth, Width),
        .. Embedder("timestep_embedder", 256),
        .. Embedder("guidance_embedder", 256),
        .. Embedder("text_embedder", PooledWidth),
        .. Enumerable.Range(0, Doubles).SelectMany(i => Double($"transformer_blocks.{i}.")),
        .. Enumerable.Range(0, Singles).SelectMany(i => Single($"single_transformer_blocks.{i}.")),
        .. Layer("norm_out.linear", Width, 2 * Width),
        .. Layer("proj_out", Width, Packed),
    ];

    private IEnumerable<(string, long[])> Embedder(string name, long inputs) =>
        [.. Layer($"time_text_embed.{name}.linear_1", inputs, Width), .. Layer($"time_text_embed.{name}.linear_2", Width, Width)];

    private IEnumerable<(string, long[])> Double(string block) =>
    [
        .. new[] { "norm1.linear", "norm1_context.linear" }.SelectMany(n => Layer(block + n, Width, 6 * Width)),
        .. new[] { "to_q", "to_k", "to_v", "add_q_proj", "add_k_proj", "add_v_proj", "to_out.0", "to_add_out" }.SelectMany(n => Layer($"{block}attn.{n}", Width, Width)),
        .. new[] { "norm_q", "norm_k", "norm_added_q", "norm_added_k" }.Select(n => ($"{block}attn.{n}.weight", new long[] { HeadWidth })),
        .. new[] { "ff", "ff_context" }.SelectMany(n => Layer($"{block}{n}.net.0.proj", Width, 4 * Width).Concat(Layer($"{block}{n}.net.2", 4 * Width, Width))),
    ];

    private IEnumerable<(string, long[])> Single(string block) =>
    [
        .. Layer(block + "norm.linear", Width, 3 * Width),
        .. new[] { "to_q", "to_k", "to_v" }.SelectMany(n => Layer($"{block}attn.{n}", Width, Width)),
        .. new[] { "norm_q", "norm_k" }.Select(n => ($"{block}attn.{n}.weight", new long[] { HeadWidth })),
        .. Layer(block + "proj_mlp", Width, 4 * Width),
        .. Layer(block + "proj_out", 5 * Width, Width),
    ];

    private static IEnumerable<(string, long[])> Layer(string name, long inputs, long outputs) => [(name + ".weight", [outputs, inputs]), (name + ".bias", [outputs])];
}
