using static TorchSharp.torch;

namespace Acceleration.Benchmarks;

/// <summary>
/// The DiT in TorchScript: libtorch's interpreter calls the very operators of <see cref="PlainDiT"/> in their native forms, and no managed code runs between them.
/// </summary>
internal sealed class ScriptedDiT(PlainDiT network)
{
    private const string Script = """
        def modulated(x: Tensor, m: Tensor, at: int, width: int):
          return torch.addcmul(torch.select(m, 1, at), torch.layer_norm(x, [width], None, None, 1e-6), torch.select(m, 1, at + 1))

        def joint(h: Tensor, part: int, width: int, heads: int):
          return torch.as_strided(h, [h.size(0), heads, h.size(1), width // heads], [3 * width * h.size(1), width // heads, 3 * width, 1], part * width)

        def block(x: Tensor, m: Tensor, w: List[Tensor], at: int, part: int, width: int, heads: int):
          h = torch.linear(modulated(x, m, part, width).type_as(w[at]), w[at], w[at + 1])
          q, k, v = joint(h, 0, width, heads), joint(h, 1, width, heads), joint(h, 2, width, heads)
          h = torch.scaled_dot_product_attention(q, k, v).transpose(1, 2).reshape([x.size(0), x.size(1), width])
          h = torch.linear(h, w[at + 2], w[at + 3]).type_as(x)
          x = h.mul_(torch.select(m, 1, part + 2)).add_(x)
          h = torch.linear(modulated(x, m, part + 3, width).type_as(w[at]), w[at + 4], w[at + 5])
          h = torch.linear(torch.gelu(h, approximate="tanh"), w[at + 6], w[at + 7]).type_as(x)
          return h.mul_(torch.select(m, 1, part + 5)).add_(x)

        def forward(image: Tensor, time: Tensor, labels: Tensor, positions: Tensor, frequencies: Tensor, w: List[Tensor], heads: int, patch: int, times: int):
          rows, channels, width = image.size(0), image.size(1), positions.size(1)
          high, wide = image.size(2) // patch, image.size(3) // patch
          y = image
          for i in range(times):
            phase = torch.unsqueeze(time.type_as(frequencies), 1) * frequencies
            t = torch.linear(torch.cat([torch.cos(phase), torch.sin(phase)], 1).type_as(image), w[0], w[1])
            t = torch.linear(torch.silu(t), w[2], w[3])
            m = torch.linear(torch.silu(t + torch.index_select(w[4], 0, labels)), w[5], w[6]).view([rows, -1, 1, width])
            x = image.reshape([rows, channels, high, patch, wide, patch]).permute([0, 2, 4, 1, 3, 5]).reshape([rows, high * wide, channels * patch * patch])
            x = torch.linear(x, w[7], w[8]).add_(positions)
            for b in range((len(w) - 11) // 8):
              x = block(x, m, w, 11 + 8 * b, 2 + 6 * b, width, heads)
            x = torch.linear(modulated(x, m, 0, width), w[9], w[10])
            y = x.reshape([rows, high, wide, patch, patch, -1]).permute([0, 5, 1, 3, 2, 4]).reshape([rows, -1, high * patch, wide * patch])
          return y

        """;

    // A compiled unit is never freed: once is enough.
    private static readonly Lazy<jit.CompilationUnit> Unit = new(() => jit.compile(Script));

    /// <summary>The output of the last of several passes in a row.</summary>
    public Tensor Predict(NetworkInput input, int times) => (Tensor)Unit.Value.invoke(
        "forward", input.Latents, input.Time, input.Condition["labels"], network.Positions, network.Frequencies, network.Weights, (long)network.Heads, (long)network.Patch, (long)times);
}
