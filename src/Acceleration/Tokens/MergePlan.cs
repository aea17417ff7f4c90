using TorchSharp;
using static TorchSharp.torch;

namespace Acceleration;

/// <summary>
/// Merging in which every token belongs to one slot: reducing combines the tokens of a slot, expanding gives each of them the slot's value. A token alone in its
/// slot passes through unchanged.
/// </summary>
/// <param name="slots">int64 [rows, tokens]: the slot of each token, 0 to kept − 1.</param>
/// <param name="positions">int64 [rows, kept]: the token that each slot stands for.</param>
public sealed class MergePlan(Tensor slots, Tensor positions) : ITokenPlan
{
    private const long ElementsAtOnce = 4 << 20;

    /// <summary>int64 [rows, tokens]: the slot of each token.</summary>
    public Tensor Slots => slots;

    /// <inheritdoc/>
    public TokenSelection Kept { get; } = new(slots.size(1), positions);

    /// <inheritdoc/>
    TokenSelection? ITokenPlan.Kept => Kept;

    /// <summary>Tokens in each slot, float32 [rows, kept, 1].</summary>
    public Tensor Sizes()
    {
        using var scope = NewDisposeScope();
        var counts = zeros(slots.size(0), Kept.Kept, ScalarType.Float32, slots.device);
        counts.scatter_add_(1, slots, ones_like(slots, ScalarType.Float32));
        return counts.unsqueeze(2).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public Tensor Reduce(Tensor x) => Reduce(x, MergeReduction.Mean);

    /// <inheritdoc cref="ITokenPlan.Reduce"/>
    /// <param name="x">[rows, tokens, channels].</param>
    /// <param name="reduction">How the tokens of a slot become one; sums are taken in float32 at least.</param>
    public Tensor Reduce(Tensor x, MergeReduction reduction)
    {
        using var scope = NewDisposeScope();
        var wide = x.dtype is ScalarType.Float16 or ScalarType.BFloat16 ? x.to(ScalarType.Float32) : x;
        var inOrder = x.device_type != DeviceType.CPU;
        var result = reduction switch
        {
            MergeReduction.Max => Largest(wide),
            MergeReduction.Sum => Sum(wide, inOrder),
            _ => Sum(wide, inOrder) / Sizes().to(wide.dtype),
        };
        return result.to(x.dtype).MoveToOuterDisposeScope();
    }

    /// <summary>The means weighted by how many original tokens each token stands for already (ToMe's merge_wavg).</summary>
    /// <param name="x">[rows, tokens, channels].</param>
    /// <param name="sizes">[rows, tokens, 1].</param>
    /// <returns>The means [rows, kept, channels], and the sizes of the slots [rows, kept, 1].</returns>
    public (Tensor Means, Tensor Sizes) Average(Tensor x, Tensor sizes)
    {
        using var scope = NewDisposeScope();
        var total = Reduce(sizes, MergeReduction.Sum);
        var means = Reduce(x * sizes, MergeReduction.Sum) / total;
        return (means.MoveToOuterDisposeScope(), total.MoveToOuterDisposeScope());
    }

    /// <inheritdoc/>
    public Tensor Expand(Tensor y) => y.gather(1, slots.unsqueeze(2).expand(-1, -1, y.size(2)));

    /// <summary>The same plan, of patches, among all tokens of their layout: the special ones have the first slots, each its own.</summary>
    internal MergePlan Among(TokenLayout layout)
    {
        if (layout.SpecialPerFrame == 0)
        {
            return this;
        }

        using var scope = NewDisposeScope();
        var places = PatchPlaces.Of(layout, slots.device);
        long rows = slots.size(0), special = places.Special.size(0), patches = places.Patches.size(0);
        var all = empty(rows, layout.Tokens, ScalarType.Int64, slots.device);
        all.scatter_(1, places.Special.expand(rows, special), KeptScalars.Range(special, ScalarType.Int64, slots.device).expand(rows, special));
        all.scatter_(1, places.Patches.expand(rows, patches), slots.Plus(special));
        return new MergePlan(all, cat([places.Special.expand(rows, special), places.InStream(positions)], 1)).MoveToOuterScope();
    }

    /// <summary>Hands its tensors to the outer dispose scope.</summary>
    public MergePlan MoveToOuterScope()
    {
        slots.MoveToOuterDisposeScope();
        positions.MoveToOuterDisposeScope();
        return this;
    }

    /// <inheritdoc/>
    public ITokenPlan ForRows(Func<Tensor, Tensor> take) => new MergePlan(take(slots), take(positions));

    /// <summary>
    /// The slots of the whole batch as rows of one matrix: adding to whole rows is what index_add is fast at. A GPU adds its rows as they come, so that roundings would differ
    /// from run to run; there they are added in the order of the tokens, which costs a sort of the slots.
    /// </summary>
    internal Tensor Sum(Tensor x, bool inOrder)
    {
        long rows = x.size(0), channels = x.size(2);
        var flat = slots.Plus(KeptScalars.Range(rows, ScalarType.Int64, slots.device).Times(Kept.Kept).unsqueeze(1)).view(-1);
        var (into, tokens) = (zeros(rows * Kept.Kept, channels, x.dtype, x.device), x.reshape(-1, channels));
        var sums = inOrder ? into.index_put_(tokens, new[] { flat }, accumulate: true) : into.PlusAt(0, flat, tokens);
        return sums.view(rows, Kept.Kept, channels);
    }

    private Tensor Largest(Tensor x)
    {
        var step = Math.Max(1, ElementsAtOnce / Math.Max(1, x.numel()));
        var parts = new List<Tensor>();
        for (long from = 0; from < Kept.Kept; from += step)
        {
            using var members = slots.unsqueeze(1).eq(KeptScalars.Range(from, Math.Min(from + step, Kept.Kept), 1, ScalarType.Int64, slots.device).view(1, -1, 1));
            using var apart = x.unsqueeze(1).With(members.logical_not().unsqueeze(3), double.NegativeInfinity);
            parts.Add(apart.amax([2]));
        }

        return cat(parts, 1);
    }
}
