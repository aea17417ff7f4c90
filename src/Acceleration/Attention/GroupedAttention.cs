using static TorchSharp.torch;

namespace Acceleration;

/// <summary>Attention of which each query box sees some runs of keys: one executor for every <see cref="IAttentionPattern"/>.</summary>
/// <remarks>
/// Nothing is gathered token by token. A strip is laid out once and serves all its query boxes by views; a strip that is the whole grid is not even copied. Text keys are one more part
/// that every image query sees; text queries see everything. Special tokens are taken for text.
/// </remarks>
public static class GroupedAttention
{
    private const long SmallestWorkspace = 1 << 20;
    private static long _workspaceBytes = 256 << 20;

    /// <summary>Bytes that the laid-out keys and values of one strip may take; rows and heads are done in turn where they need more. 256 MiB unless set.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Less than 1 MiB.</exception>
    public static long WorkspaceBytes
    {
        get => Volatile.Read(ref _workspaceBytes);
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, SmallestWorkspace);
            Volatile.Write(ref _workspaceBytes, value);
        }
    }

    /// <summary>Attention by a pattern.</summary>
    /// <param name="input">Query, key and value [rows, heads, tokens, head_dim] of all tokens of <paramref name="layout"/>, text included; no bias, no causal order.</param>
    /// <param name="layout">How the tokens lie.</param>
    /// <param name="plan">The pattern on the layout's grid.</param>
    /// <returns>[rows, heads, tokens, head_dim], in memory as [rows, tokens, heads, head_dim].</returns>
    /// <exception cref="ArgumentException">The tokens are not those of the layout, or the input has a bias or a causal order.</exception>
    public static Tensor Compute(in AttentionInput input, TokenLayout layout, GroupedPlan plan)
    {
        ArgumentNullException.ThrowIfNull(layout);
        ArgumentNullException.ThrowIfNull(plan);
        var shape = AttentionShape.Of(input);
        var tokens = layout.Tokens + layout.TextLength;
        if (plan.Grid != TokenGrid.Of(layout) || shape.Queries != tokens || shape.Keys != tokens || input.Bias is not null || input.Causal)
        {
            throw new ArgumentException(
                $"Grouped attention takes the {tokens} tokens of its layout as queries and keys, without bias or causal order; got {shape.Queries} queries and {shape.Keys} keys on {layout}.", nameof(input));
        }

        if (layout.SpecialPerFrame > 0)
        {
            return SpecialTokens.AsText(input, layout, plan);
        }

        using var scope = NewDisposeScope();
        var result = empty(shape.Rows, tokens, shape.Heads, shape.HeadDim, shape.Type, input.Query.device);
        var (rows, heads) = plan.Slab(shape, WorkspaceBytes);
        for (long row = 0; row < shape.Rows; row += rows)
        {
            for (long head = 0; head < shape.Heads; head += heads)
            {
                using var slab = NewDisposeScope();
                var (r, h) = (Math.Min(rows, shape.Rows - row), Math.Min(heads, shape.Heads - head));
                Tensor Part(Tensor whole) => whole.narrow(0, row, r).narrow(1, head, h);
                new GroupedSlab(plan, layout, input with { Query = Part(input.Query), Key = Part(input.Key), Value = Part(input.Value) })
                    .Run(result.narrow(0, row, r).narrow(2, head, h));
            }
        }

        return result.transpose(1, 2).MoveToOuterDisposeScope();
    }
}
