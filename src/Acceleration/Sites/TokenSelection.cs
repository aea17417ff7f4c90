using static TorchSharp.torch;

namespace Acceleration;

/// <summary>Which tokens a body is run on.</summary>
/// <param name="Total">Tokens before the selection.</param>
/// <param name="Index">int64 positions of the kept tokens: [kept], the same for all rows, or [rows, kept].</param>
public sealed record TokenSelection(long Total, Tensor Index)
{
    /// <summary>Tokens kept.</summary>
    public long Kept => Index.size(-1);

    /// <summary>Whether rows keep different tokens.</summary>
    public bool PerRow => Index.ndim == 2;

    /// <summary>
    /// The kept tokens of a tensor. With a per-row selection the result has rows along dimension 0: a tensor that had none (dimension 0 is the token
    /// dimension) gains it.
    /// </summary>
    /// <param name="x">Tensor with <see cref="Total"/> tokens along <paramref name="dim"/>.</param>
    /// <param name="dim">The token dimension.</param>
    public Tensor Take(Tensor x, int dim)
    {
        if (!PerRow)
        {
            return x.index_select(dim, Index);
        }

        var rowless = dim == 0;
        var source = rowless ? x.unsqueeze(0) : x;
        var at = rowless ? 1 : dim;
        var shape = source.shape;
        var indexShape = new long[shape.Length];
        Array.Fill(indexShape, 1);
        (shape[0], shape[at]) = (Index.size(0), Kept);
        (indexShape[0], indexShape[at]) = (Index.size(0), Kept);
        var sourceShape = source.shape;
        sourceShape[0] = Index.size(0);
        return source.expand(sourceShape).gather(at, Index.view(indexShape).expand(shape));
    }
}
