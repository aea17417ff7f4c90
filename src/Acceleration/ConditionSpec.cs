using static TorchSharp.torch;

namespace Acceleration;

/// <summary>A condition that a network reads: what a request must bring, told before the network meets it.</summary>
/// <param name="Name">Its name in a <see cref="Conditioning"/>.</param>
/// <param name="Size">Size of one row, without the rows, as it usually is; [] for a number.</param>
public sealed record ConditionSpec(string Name, params IReadOnlyList<long> Size)
{
    /// <summary>Element type. Floating-point conditions may have any floating-point type.</summary>
    public ScalarType DType { get; init; } = ScalarType.Float32;

    /// <summary>Whether the network works without it.</summary>
    public bool IsOptional { get; init; }

    /// <summary>Whether the first of several dimensions may differ from <see cref="Size"/>: the tokens of a text.</summary>
    public bool IsSequence { get; init; }

    /// <summary>Whether its last two dimensions follow the sides of the latents, and so may differ from <see cref="Size"/>.</summary>
    public bool IsSpatial { get; init; }

    /// <inheritdoc/>
    public override string ToString() => $"'{Name}' {(DType == ScalarType.Int64 ? "int64 " : DType == ScalarType.Bool ? "bool " : "")}[rows{string.Concat(Size.Select((s, i) => i == 0 && IsSequence ? ", tokens" : IsSpatial && i >= Size.Count - 2 ? (i == Size.Count - 1 ? ", width" : ", height") : $", {s}"))}]{(IsOptional ? " (optional)" : "")}";

    /// <summary>Whether one row of this size fits.</summary>
    internal bool Fits(Tensor given)
    {
        var whole = DType is ScalarType.Int64 or ScalarType.Int32 or ScalarType.Bool;
        if (given.ndim != Size.Count + 1 || (whole ? given.dtype != DType : !is_floating_point(given)))
        {
            return false;
        }

        for (var i = 0; i < Size.Count; i++)
        {
            if (given.size(i + 1) != Size[i] && !(i == 0 && IsSequence && given.size(1) > 0) && !(IsSpatial && i >= Size.Count - 2 && given.size(i + 1) > 0))
            {
                return false;
            }
        }

        return true;
    }
}
