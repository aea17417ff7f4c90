using static TorchSharp.torch;

namespace Acceleration;

/// <summary>Attention by products and a softmax, piece by piece.</summary>
internal static class ComposedAttention
{
    /// <summary>Returns [rows, heads, queries, head_dim], a view of [rows, queries, heads, head_dim].</summary>
    /// <param name="input">Query, key, value and their options.</param>
    /// <param name="shape">Its sizes.</param>
    /// <param name="scale">Factor on the scores.</param>
    /// <param name="byConvolution">Head by head, both products as 1×1 convolutions.</param>
    /// <param name="scoreBytes">Bytes that the scores of a piece may take.</param>
    /// <param name="logSumExp">[rows, heads, queries] to be filled with the logarithms of the softmax's sums; without a bias alone. Null where nobody asks.</param>
    public static Tensor Compute(in AttentionInput input, in AttentionShape shape, double scale, bool byConvolution, long scoreBytes, Tensor? logSumExp = null)
    {
        using var scope = NewDisposeScope();
        var width = shape.Heads * shape.HeadDim;
        var result = empty_strided([shape.Rows, shape.Heads, shape.Queries, shape.HeadDim], [shape.Queries * width, shape.HeadDim, width, 1], shape.Type, input.Query.device);
        var bias = input.Bias is null ? null : AttentionBias.Additive(AttentionBias.FourDimensional(input.Bias, shape.Keys), shape.Type);
        var plan = AttentionPieces.Plan(byConvolution ? shape with { Rows = 1, Heads = 1 } : shape, (int)result.element_size(), scoreBytes);
        for (long row = 0; row < shape.Rows; row += plan.Rows)
        {
            var rows = Math.Min(plan.Rows, shape.Rows - row);
            for (long head = 0; head < shape.Heads; head += plan.Heads)
            {
                using var group = NewDisposeScope();
                var heads = Math.Min(plan.Heads, shape.Heads - head);
                Tensor Group(Tensor whole) => Part(Part(whole, 0, row, rows), 1, head, heads);

                var (queries, target) = (Group(input.Query), Group(result));
                var keys = Packed(Matrices(Group(input.Key)));
                var values = Matrices(Group(input.Value));
                values = byConvolution ? values.transpose(1, 2).contiguous() : plan.Queries < shape.Queries ? Packed(values) : values;
                var additive = bias is null ? null : Group(bias);
                for (long first = 0; first < shape.Queries; first += plan.Queries)
                {
                    using var piece = NewDisposeScope();
                    var count = Math.Min(plan.Queries, shape.Queries - first);

                    // Keys after the last query are out of reach of the whole piece.
                    var reach = input.Causal ? Math.Min(shape.Keys, first + count) : shape.Keys;
                    var part = Matrices(Part(queries, 2, first, count));
                    var scores = byConvolution
                        ? MatrixProduct.Convolve(part.Times(scale)[0], Part(keys[0], 0, 0, reach), null).unsqueeze(0)
                        : Scores(part, Part(keys, 1, 0, reach), scale);
                    var blind = additive is null
                        ? AddCausal(scores, input.Causal, first)
                        : AddBias(scores.view(rows, heads, count, reach), Part(additive, 2, first, count).narrow(3, 0, reach), input.Causal, first);

                    var weights = scores.softmax(-1);
                    if (logSumExp is not null)
                    {
                        Part(Part(logSumExp, 0, row, rows), 1, head, heads).narrow(2, first, count).copy_(LogSumExp(scores, weights).view(rows, heads, count));
                    }

                    scores.Dispose();
                    var sums = byConvolution
                        ? MatrixProduct.Convolve(weights[0], Part(values[0], 1, 0, reach), null)
                        : weights.bmm(Part(values, 1, 0, reach));
                    var place = Part(target, 2, first, count);
                    place.copy_(rows == 1 ? sums : sums.view(rows, heads, count, shape.HeadDim));
                    if (blind is not null)
                    {
                        place.Fill(blind, 0);
                    }
                }
            }
        }

        return result.MoveToOuterDisposeScope();
    }

    // The largest weight is exp(largest score − log-sum-exp): two maxima instead of another pass of exponentials.
    private static Tensor LogSumExp(Tensor scores, Tensor weights)
    {
        var wide = scores.dtype == ScalarType.Float64 ? ScalarType.Float64 : ScalarType.Float32;
        return scores.amax([-1]).to(wide).sub_(weights.amax([-1]).to(wide).log_());
    }

    private static Tensor Matrices(Tensor part) => part.reshape(-1, part.size(2), part.size(3));

    // The products would repack strided operands in every piece. Keys are packed even for one piece, as they are read transposed.
    private static Tensor Packed(Tensor matrices) => matrices.is_contiguous() ? matrices : matrices.contiguous();

    // A bias of one row, head or query is a bias of all. The whole is no part: a short attention would spend more calls on views than on work.
    private static Tensor Part(Tensor whole, int dimension, long from, long count) =>
        whole.size(dimension) is var size && (size == 1 || size == count) ? whole : whole.narrow(dimension, from, count);

    private static Tensor Scores(Tensor queries, Tensor keys, double scale)
    {
        // The factor of baddbmm is a float.
        if (queries.dtype == ScalarType.Float64)
        {
            return queries.Times(scale).bmm(keys.transpose(1, 2));
        }

        // TorchSharp passes baddbmm's operands rotated: the instance is the first factor, the second argument the summand, here unused.
        using var unused = zeros(1, 1, 1, queries.dtype, queries.device);
        return queries.baddbmm(keys.transpose(1, 2), unused, beta: 0, alpha: (float)scale);
    }

    /// <summary>Only the keys from the piece's first query on need a mask; no query is left without a key.</summary>
    private static Tensor? AddCausal(Tensor scores, bool causal, long first)
    {
        var diagonal = scores.size(2) - first;
        if (causal && diagonal > 1)
        {
            scores.narrow(2, first, diagonal).Increase(AttentionBias.Causal(scores.size(1), diagonal, 0, scores.dtype, scores.device));
        }

        return null;
    }

    /// <summary>Adds a bias, and returns where a query sees no key.</summary>
    private static Tensor AddBias(Tensor scores, Tensor bias, bool causal, long first)
    {
        var whole = causal ? bias.Plus(AttentionBias.Causal(scores.size(2), scores.size(3), first, scores.dtype, scores.device)) : bias;
        var blind = AttentionBias.Blind(whole);

        // Such a query gets finite scores first: the NaN of its softmax would reach other rows, as products in bfloat16 read ahead.
        scores.Increase(whole.With(blind, 0));
        return blind;
    }
}
