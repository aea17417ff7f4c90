using static TorchSharp.torch;

namespace Acceleration;

/// <summary>libtorch's fused CPU attention with the logarithms of its sums, which TorchSharp does not bind.</summary>
internal static class FusedLogSumExp
{
    // aten's own operators are within reach of jit.compile. A compiled unit is never freed: once is enough.
    private static readonly Lazy<jit.CompilationUnit> Unit = new(static () =>
    {
        using var detached = NewDisposeScope();
        return jit.compile("""
            def attend(q, k, v, scale: float):
              output, sums = torch._scaled_dot_product_flash_attention_for_cpu(q, k, v, 0.0, False, attn_mask=None, scale=scale)
              return [output, sums]

            """);
    });

    /// <summary>Output [rows, heads, queries, head_dim] and sums, float32 [rows, heads, queries].</summary>
    public static PartialAttention Compute(in AttentionInput input, double scale)
    {
        var parts = (Tensor[])KeptScalars.Invoke(Unit.Value, "attend", input.Query, input.Key, input.Value, scale);
        return new(parts[0], parts[1]);
    }
}
