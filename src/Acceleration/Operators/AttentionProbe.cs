using static TorchSharp.torch;

namespace Acceleration;

/// <summary>Measures the routes of <see cref="DenseAttention"/> on a part of the work.</summary>
internal static class AttentionProbe
{
    private const double ProbedProduct = 1 << 27;
    private const long MostKeys = 16384;
    private const long MostCausalTokens = 2048;
    private const long FewestQueries = 256;
    private const long FewestKeysByConvolution = 512;

    public static int Measure(ulong key, AttentionShape shape, bool causal, bool biased)
    {
        var options = (causal ? ", causal" : "") + (biased ? ", biased" : "");
        var description = $"{shape.Type} [{shape.Rows}, {shape.Heads}, {shape.Queries}, {shape.HeadDim}] on {shape.Keys} keys{options} and alike";
        return DenseAttention.Table.Measure(key, description, () =>
        {
            var slice = Slice(shape, causal);
            var bias = biased ? zeros(1, 1, 1, slice.Keys, slice.Type, CPU) : null;
            var input = new AttentionInput(Operand(slice, slice.Queries), Operand(slice, slice.Keys), Operand(slice, slice.Keys), bias, causal);
            AttentionRoute[] routes = shape.Type == ScalarType.Float32 && slice.Keys >= FewestKeysByConvolution
                ? [AttentionRoute.Fused, AttentionRoute.Composed, AttentionRoute.Convolution]
                : [AttentionRoute.Fused, AttentionRoute.Composed];
            return [.. routes.Select(route => ((int)route, (Func<Tensor>)(() => DenseAttention.Run(route, input, slice))))];
        });
    }

    /// <summary>A part of the work that still tells the routes apart: fewer rows first, then heads, then queries.</summary>
    internal static AttentionShape Slice(AttentionShape shape, bool causal)
    {
        var keys = Math.Min(shape.Keys, causal ? MostCausalTokens : MostKeys);
        var perQuery = 2.0 * keys * shape.HeadDim;
        var queries = causal
            ? Math.Min(shape.Queries, MostCausalTokens)
            : Math.Min(shape.Queries, Math.Max(FewestQueries, (long)(ProbedProduct / perQuery)));
        var products = Math.Max(1, (long)(ProbedProduct / (perQuery * queries)));
        var heads = Math.Min(shape.Heads, products);
        return shape with { Rows = Math.Clamp(products / heads, 1, shape.Rows), Heads = heads, Queries = queries, Keys = keys };
    }

    // As networks make them: heads cut out of a row of tokens.
    private static Tensor Operand(AttentionShape shape, long tokens) =>
        full([shape.Rows, tokens, shape.Heads, shape.HeadDim], 0.5, shape.Type, CPU).transpose(1, 2);
}
