using static TorchSharp.torch;

namespace Acceleration.Models;

/// <summary>The heads of an attention, as views.</summary>
public static class Heads
{
    /// <summary>
    /// One of several parts of a contiguous joint product: query, key or value where they lie. At batch 1 calls are felt: three of these take the place of a view, a permutation and the three parts of it.
    /// </summary>
    /// <param name="joint">[rows, tokens, parts·heads·head_dim], contiguous.</param>
    /// <param name="part">Which part, from 0.</param>
    /// <param name="parts">How many parts.</param>
    /// <param name="heads">Heads of a part.</param>
    /// <returns>[rows, heads, tokens, head_dim].</returns>
    public static Tensor Of(Tensor joint, int part, int parts, int heads)
    {
        long tokens = joint.size(1), row = joint.size(2), width = row / parts, head = width / heads;
        return joint.as_strided([joint.size(0), heads, tokens, head], [row * tokens, head, row, 1], joint.storage_offset() + (part * width));
    }

    /// <summary>Splits the last dimension.</summary>
    /// <param name="x">[rows, tokens, heads·head_dim].</param>
    /// <param name="heads">Number of heads.</param>
    /// <returns>[rows, heads, tokens, head_dim].</returns>
    public static Tensor Split(Tensor x, int heads)
    {
        using var apart = x.view(x.size(0), x.size(1), heads, x.size(2) / heads);
        return apart.transpose(1, 2);
    }

    /// <summary>Puts heads together again; nothing is copied where they lie token by token, as attention returns them.</summary>
    /// <param name="x">[rows, heads, tokens, head_dim].</param>
    /// <returns>[rows, tokens, heads·head_dim].</returns>
    public static Tensor Join(Tensor x)
    {
        using var apart = x.transpose(1, 2);
        return apart.reshape(x.size(0), x.size(2), x.size(1) * x.size(3));
    }
}
