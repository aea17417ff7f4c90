using static TorchSharp.torch;

namespace Acceleration;

/// <summary>A condition that a network reads: what a request must bring, told before the network meets it.</summary>
/// <param name="Name">Its name in a <see cref="Conditioning"/>.</param>
/// <param name="Size">Size of one row, without the rows, as it usually is; [] for a number.</param>
public sealed record ConditionSpec(string Name, params IReadOnlyList<long> Size)
{
    /// <summary>Element type. Floating-point conditions may have any floating-point type, truth values (masks) may be numbers 1 and 0.</summary>
    public ScalarType DType { get; init; } = ScalarType.Float32;

    /// <summary>Whether the network works without it.</summary>
    public bool IsOptional { get; init; }

    /// <summary>Whether the first of several dimensions may differ from <see cref="Size"/>: the tokens of a text.</summary>
    public bool IsSequence { get; init; }

    /// <summary>Whether the dimensions after the first are the latents', whatever these are: further latents beside the noisy ones.</summary>
    public bool FollowsLatents { get; init; }

    /// <summary>Whether its last two dimensions shrink and grow with the latents, in steps of the network: residuals of a control network.</summary>
    public bool IsSpatial { get; init; }

    /// <inheritdoc/>
    public override string ToString() => $"'{Name}' {(DType == ScalarType.Int64 ? "int64 " : DType == ScalarType.Bool ? "bool " : "")}[rows{string.Concat(Size.Select((s, i) => i == 0 && IsSequence ? ", tokens" : IsSpatial && i >= Size.Count - 2 ? (i == Size.Count - 1 ? ", width" : ", height") : $", {s}"))}]{(IsOptional ? " (optional)" : "")}";

    /// <summary>Whether the rows of a tensor have this size and type.</summary>
    /// <param name="given">[rows, ...].</param>
    public bool Fits(Tensor given)
    {
        ArgumentNullException.ThrowIfNull(given);

        // Masks come as truth values, or as 1 and 0 of any type.
        var typed = DType == ScalarType.Bool || (DType is ScalarType.Int64 or ScalarType.Int32 ? given.dtype == DType : is_floating_point(given));
        if (given.ndim != Size.Count + 1 || !typed)
        {
            return false;
        }

        for (var i = 0; i < Size.Count; i++)
        {
            var isFree = i == 0 ? IsSequence : FollowsLatents || (IsSpatial && i >= Size.Count - 2);
            if (given.size(i + 1) != Size[i] && !(isFree && given.size(i + 1) > 0))
            {
                return false;
            }
        }

        return true;
    }
}
