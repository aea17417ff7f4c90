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

    /// <summary>What a measured route holds for.</summary>
    public static ulong Class(in AttentionShape shape, in AttentionInput input) =>
        RouteTable.Bucket(shape.Rows * shape.Heads, 6)
        | RouteTable.Bucket(shape.Queries, 14) << 8
        | RouteTable.Bucket(shape.Keys, 14) << 16
        | (input.Causal ? 1UL << 24 : 0)
        | (input.Bias is null ? 0 : 1UL << 25)
        | (ulong)shape.Type << 26
        | (ulong)shape.HeadDim << 32;

    public static int MeasurePartial(ulong key, AttentionShape shape) =>
        PartialAttention.Table.Measure(key, Describe(shape), () =>
        {
            var slice = Slice(shape, causal: false);
            var input = new AttentionInput(Operand(slice, slice.Queries), Operand(slice, slice.Keys), Operand(slice, slice.Keys));
            return [.. Routes(slice).Select(route => ((int)route, (Func<Tensor>)(() => PartialAttention.Run(route, input, slice).Output)))];
        });

    public static int Measure(ulong key, AttentionShape shape, bool causal, bool biased)
    {
        var options = (causal ? ", causal" : "") + (biased ? ", biased" : "");
        return DenseAttention.Table.Measure(key, Describe(shape, options), () =>
        {
            var slice = Slice(shape, causal);
            var bias = biased ? zeros(1, 1, 1, slice.Keys, slice.Type, CPU) : null;
            var input = new AttentionInput(Operand(slice, slice.Queries), Operand(slice, slice.Keys), Operand(slice, slice.Keys), bias, causal);
            return [.. Routes(slice).Select(route => ((int)route, (Func<Tensor>)(() => DenseAttention.Run(route, input, slice))))];
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

    private static AttentionRoute[] Routes(in AttentionShape shape) => shape.Type == ScalarType.Float32 && shape.Keys >= FewestKeysByConvolution
        ? [AttentionRoute.Fused, AttentionRoute.Composed, AttentionRoute.Convolution]
        : [AttentionRoute.Fused, AttentionRoute.Composed];

    private static string Describe(in AttentionShape shape, string options = "") =>
        $"{shape.Type} [{shape.Rows}, {shape.Heads}, {shape.Queries}, {shape.HeadDim}] on {shape.Keys} keys{options} and alike";

    // As networks make them: heads cut out of a row of tokens.
    private static Tensor Operand(AttentionShape shape, long tokens) =>
        KeptScalars.Full([shape.Rows, tokens, shape.Heads, shape.HeadDim], 0.5, shape.Type, CPU).transpose(1, 2);
}
