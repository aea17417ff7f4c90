using static TorchSharp.torch;

namespace Acceleration;

/// <summary>Some samples of a batch are guided, the others keep the condition.</summary>
internal static class GuidedRows
{
    /// <summary>All samples in their order: <paramref name="made"/> for the guided ones, the condition's output for the rest.</summary>
    /// <param name="outputs">What the branches gave.</param>
    /// <param name="guided">The samples of <paramref name="made"/>, in any order.</param>
    /// <param name="made">[guided samples, ...].</param>
    public static Tensor WithCondition(this BranchOutputs outputs, IReadOnlyList<int> guided, Tensor made)
    {
        var all = outputs.Samples;
        if (guided.SequenceEqual(all))
        {
            return made;
        }

        int[] rest = [.. all.Except(guided)];
        var mixed = rest.Length == 0 ? made : cat([made, outputs.For(Branch.Conditional, rest)], 0);
        var order = new RowSet([.. guided.Concat(rest).Select(s => new RowId(s, 0))]);
        return order.Take(mixed, [.. all.Select(s => order.IndexOf(new(s, 0)))]);
    }
}
