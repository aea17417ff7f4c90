using static TorchSharp.torch;

namespace Acceleration.Models;

/// <summary>A block of one stream: attention and feed-forward part side by side, with one layer in front of both and one after them.</summary>
/// <param name="Whole">[7 · width, width]: queries, keys, values and the feed-forward part.</param>
/// <param name="Qkv">The part of <paramref name="Whole"/> that attention needs.</param>
/// <param name="Up">The part that the feed-forward part needs.</param>
/// <param name="Output">[width, 5 · width], from attention and feed-forward part.</param>
/// <param name="Norms">Norms of queries and keys.</param>
/// <param name="At">First part of its modulation: shift, scale, gate.</param>
internal sealed record FluxSingleBlock(Linear Whole, Linear Qkv, Linear Up, Linear Output, HeadNorms Norms, int At)
{
    /// <summary>Parts of its modulation.</summary>
    public const int Parts = 3;

    /// <summary>Takes a block, as diffusers names it.</summary>
    public static FluxSingleBlock Read(IWeightSource weights, string name, FluxConfig c, ModulationStack modulation, ScalarType dtype)
    {
        long width = c.Width, hidden = FluxConfig.Growth * c.Width;
        var at = modulation.Add(name + ".norm.linear", Parts, 1);
        var whole = Linear.ReadStack(
            weights, width, [(name + ".attn.to_q", width), (name + ".attn.to_k", width), (name + ".attn.to_v", width), (name + ".proj_mlp", hidden)], dtype: dtype);
        return new(
            whole,
            Part(0, 3 * width),
            Part(3 * width, hidden),
            Linear.Read(weights, name + ".proj_out", width + hidden, width, dtype: dtype),
            new(HeadNorms.Read(weights, name + ".attn.norm_q", name + ".attn.norm_k", c.HeadWidth)),
            at);

        Linear Part(long from, long count) => new(whole.Weight.narrow(0, from, count), whole.Bias!.narrow(0, from, count));
    }
}
