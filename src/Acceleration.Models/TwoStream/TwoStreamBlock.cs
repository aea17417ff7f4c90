using static TorchSharp.torch;

namespace Acceleration.Models;

/// <summary>What one stream has of its own in a block.</summary>
/// <param name="Qkv">Queries, keys and values.</param>
/// <param name="Projection">After the attention; null where the stream ends with it.</param>
/// <param name="Up">First layer of the feed-forward part, or null.</param>
/// <param name="Down">Second layer of the feed-forward part, or null.</param>
internal sealed record StreamLayers(Linear Qkv, Linear? Projection, Linear? Up, Linear? Down);

/// <summary>A second attention, of the image to itself.</summary>
/// <param name="Qkv">Queries, keys and values.</param>
/// <param name="Projection">After the attention.</param>
/// <param name="Norms">Norms of queries and keys, or null.</param>
internal sealed record SecondAttention(Linear Qkv, Linear Projection, HeadNorms? Norms);

/// <summary>A block of an image and a text stream with joint attention (Esser et al., arXiv:2403.03206), as FLUX and Stable Diffusion 3 have it.</summary>
/// <param name="Image">Layers of the image stream.</param>
/// <param name="Text">Layers of the text stream.</param>
/// <param name="Norms">Norms of queries and keys, or null.</param>
/// <param name="Second">A second attention of the image stream, or null.</param>
/// <param name="ImageAt">First part of the image stream's modulation.</param>
/// <param name="TextAt">First part of the text stream's modulation.</param>
internal sealed record TwoStreamBlock(StreamLayers Image, StreamLayers Text, HeadNorms? Norms, SecondAttention? Second, int ImageAt, int TextAt)
{
    private const int Parts = 6;
    private const int PartsWithSecond = 9;
    private const int PartsOfLast = 2;
    private const int Growth = 4;

    /// <summary>Whether the text stream ends here: only its keys and values are of use.</summary>
    public bool TextEnds => Text.Projection is null;

    /// <summary>Multiply-adds of an image token in the joint attention's layers.</summary>
    public double ImageAttention => Image.Qkv.MultiplyAdds + Image.Projection!.MultiplyAdds;

    /// <summary>Multiply-adds of a text token in the joint attention's layers.</summary>
    public double TextAttention => Text.Qkv.MultiplyAdds + (Text.Projection?.MultiplyAdds ?? 0);

    /// <summary>Takes a block, as diffusers names it.</summary>
    /// <param name="weights">Where from.</param>
    /// <param name="name">Name of the block.</param>
    /// <param name="width">Width of a token.</param>
    /// <param name="heads">Number of heads.</param>
    /// <param name="modulation">Given the block's modulation layers.</param>
    /// <param name="dtype">Type of the products.</param>
    /// <param name="normed">Whether queries and keys have RMS norms.</param>
    /// <param name="second">Whether there is a second attention of the image.</param>
    /// <param name="textEnds">Whether the text stream ends here.</param>
    public static TwoStreamBlock Read(
        IWeightSource weights, string name, int width, int heads, ModulationStack modulation, ScalarType dtype, bool normed = true, bool second = false, bool textEnds = false)
    {
        var head = width / heads;
        var imageAt = second ? modulation.Add(name + ".norm1.linear", PartsWithSecond, 1, 4, 7) : modulation.Add(name + ".norm1.linear", Parts, 1, 4);
        var textAt = textEnds ? modulation.Add(name + ".norm1_context.linear", PartsOfLast, 0) : modulation.Add(name + ".norm1_context.linear", Parts, 1, 4);
        var (up, down) = FeedForward("ff");
        var image = new StreamLayers(Qkv("attn", "to_q", "to_k", "to_v"), Square("attn.to_out.0"), up, down);
        (up, down) = textEnds ? (null, null) : FeedForward("ff_context");
        var text = new StreamLayers(Qkv("attn", "add_q_proj", "add_k_proj", "add_v_proj"), textEnds ? null : Square("attn.to_add_out"), up, down);
        return new(
            image,
            text,
            normed ? new(Norms("attn.norm_q", "attn.norm_k"), Norms("attn.norm_added_q", "attn.norm_added_k")) : null,
            second ? new(Qkv("attn2", "to_q", "to_k", "to_v"), Square("attn2.to_out.0"), normed ? new(Norms("attn2.norm_q", "attn2.norm_k")) : null) : null,
            imageAt,
            textAt);

        Linear Qkv(string attention, params string[] parts) => Linear.ReadStack(weights, width, parts.Select(p => ($"{name}.{attention}.{p}", (long)width)), dtype: dtype);
        Linear Square(string layer) => Linear.Read(weights, $"{name}.{layer}", width, width, dtype: dtype);
        Tensor Norms(string query, string key) => HeadNorms.Read(weights, $"{name}.{query}", $"{name}.{key}", head);
        (Linear? Up, Linear? Down) FeedForward(string part) => (
            Linear.Read(weights, $"{name}.{part}.net.0.proj", width, Growth * width, dtype: dtype),
            Linear.Read(weights, $"{name}.{part}.net.2", Growth * width, width, dtype: dtype));
    }
}
