using static TorchSharp.torch;

namespace Acceleration.Models;

/// <summary>The weights of the norms of queries and keys.</summary>
/// <param name="Image">[2, 1, head_dim]: for queries and for keys.</param>
/// <param name="Text">Those of text tokens, or null where all tokens share <paramref name="Image"/>.</param>
internal sealed record HeadNorms(Tensor Image, Tensor? Text = null)
{
    /// <summary>Takes two RMS norms' weights as one.</summary>
    public static Tensor Read(IWeightSource weights, string query, string key, long width)
    {
        using var scope = NewDisposeScope();
        var both = stack([weights.Take(query + ".weight", [width]), weights.Take(key + ".weight", [width])], 0);
        return both.unsqueeze(1).MoveToOuterDisposeScope();
    }
}

/// <summary>Queries, keys and values of a joint stream.</summary>
internal static class JointHeads
{
    private static readonly RmsNorm Norm = new(1e-6);

    /// <summary>Takes a product apart, normalises queries and keys and turns them.</summary>
    /// <param name="joint">[rows, tokens, ...], contiguous: queries, keys, values and whatever else follows.</param>
    /// <param name="heads">Number of heads.</param>
    /// <param name="width">heads·head_dim.</param>
    /// <param name="norms">Norms of queries and keys, or null.</param>
    /// <param name="text">The text tokens, where they have norms of their own.</param>
    /// <param name="turns">Rotary positions of all tokens, or null.</param>
    /// <returns>Each [rows, heads, tokens, head_dim].</returns>
    public static (Tensor Query, Tensor Key, Tensor Value) Of(Tensor joint, int heads, int width, HeadNorms? norms, Range text, Tensor? turns)
    {
        var parts = (int)(joint.size(2) / width);
        var value = Heads.Of(joint, 2, parts, heads);
        if (norms is null && turns is null)
        {
            return (Heads.Of(joint, 0, parts, heads), Heads.Of(joint, 1, parts, heads), value);
        }

        // Queries and keys lie side by side: one pass serves both.
        long rows = joint.size(0), tokens = joint.size(1), row = joint.size(2), head = width / heads;
        var both = joint.as_strided([rows, tokens, 2 * heads, head], [row * tokens, row, head, 1], joint.storage_offset());
        both = both.InType(joint.dtype == ScalarType.Float64 ? ScalarType.Float64 : ScalarType.Float32);
        if (norms is not null)
        {
            both = Normalised(both, heads, norms, text);
        }

        if (turns is not null)
        {
            both = Rotary.Neighbours(both, turns);
        }

        both = both.InType(joint.dtype);
        return (both.narrow(2, 0, heads).transpose(1, 2), both.narrow(2, heads, heads).transpose(1, 2), value);
    }

    private static Tensor Normalised(Tensor both, int heads, HeadNorms norms, Range text)
    {
        var result = Norm.Apply(both);
        var apart = result.view(result.size(0), result.size(1), 2, heads, result.size(3));
        if (norms.Text is null)
        {
            apart.mul_(norms.Image);
            return result;
        }

        var tokens = (int)apart.size(1);
        var (from, length) = text.GetOffsetAndLength(tokens);
        var imageFrom = from == 0 ? length : 0;
        apart.narrow(1, from, length).mul_(norms.Text);
        apart.narrow(1, imageFrom, tokens - length).mul_(norms.Image);
        return result;
    }
}
