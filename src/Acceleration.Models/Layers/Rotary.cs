using TorchSharp;
using static TorchSharp.torch;

namespace Acceleration.Models;

/// <summary>
/// Rotary positions (Su et al., "RoFormer", arXiv:2104.09864): pairs of a query's or key's numbers, turned by angles that grow with the token's position. With several axes each turns its own share of the pairs.
/// </summary>
public static class Rotary
{
    private static readonly Scalar One = 1;
    private static readonly Scalar MinusOne = -1;

    /// <summary>The turns of some tokens, as complex numbers of length 1: pair k of an axis with d numbers turns by position·θ^(−2k/d).</summary>
    /// <param name="positions">For each axis the position of every token.</param>
    /// <param name="widths">For each axis how many numbers of a head it turns; even.</param>
    /// <param name="theta">θ.</param>
    /// <returns>complex128 [tokens, head_dim/2] on the CPU, the pairs of the first axis first. Networks keep it as <see cref="TableType"/> says.</returns>
    /// <exception cref="ArgumentException">Axes do not fit each other, or a width is odd.</exception>
    public static Tensor Table(IReadOnlyList<double[]> positions, IReadOnlyList<int> widths, double theta = 10000)
    {
        ArgumentNullException.ThrowIfNull(positions);
        ArgumentNullException.ThrowIfNull(widths);
        if (positions.Count == 0 || positions.Count != widths.Count || positions.Any(p => p.Length != positions[0].Length) || widths.Any(w => w < 0 || w % 2 != 0))
        {
            throw new ArgumentException(
                $"Rotary positions need an even width and a position of every token for each axis; given are widths {string.Join(", ", widths)} and {string.Join(", ", positions.Select(p => p.Length))} positions.", nameof(positions));
        }

        using var scope = NewDisposeScope();
        var angles = cat([.. positions.Zip(widths, (p, w) => tensor(p).unsqueeze(1) * tensor(Frequencies(w, theta)))], 1);
        return stack([angles.cos(), angles.sin()], -1).view_as_complex().MoveToOuterDisposeScope();
    }

    /// <summary>The complex type that goes with a network's numbers.</summary>
    /// <param name="type">Float64, or another floating-point type.</param>
    public static ScalarType TableType(ScalarType type) => type == ScalarType.Float64 ? ScalarType.ComplexFloat64 : ScalarType.ComplexFloat32;

    /// <summary>Turns neighbours: numbers 2k and 2k + 1 are a pair (FLUX, CogVideoX, Wan).</summary>
    /// <param name="x">[rows, tokens, heads, head_dim]; the last dimension contiguous.</param>
    /// <param name="table">[tokens, head_dim/2], or [rows, tokens, head_dim/2] where rows have tokens of their own. Its type is the one that is computed in.</param>
    /// <returns>[rows, tokens, heads, head_dim]: Float64 where the table is complex128, else Float32.</returns>
    public static Tensor Neighbours(Tensor x, Tensor table)
    {
        using var scope = NewDisposeScope();
        var exact = x.InType(table.dtype == ScalarType.ComplexFloat64 ? ScalarType.Float64 : ScalarType.Float32);
        var pairs = exact.view(x.size(0), x.size(1), x.size(2), x.size(3) / 2, 2);
        var turns = table.unsqueeze(-2);

        // A network of doubles that turns in float32 is there to be compared: its products are rounded one by one, where a complex product may fuse them.
        var turned = x.dtype == ScalarType.Float64 && table.dtype == ScalarType.ComplexFloat32 ? OneByOne(pairs, turns.view_as_real()) : pairs.view_as_complex().mul(turns).view_as_real();
        return turned.flatten(3).MoveToOuterDisposeScope();
    }

    /// <summary>Turns halves: numbers k and k + head_dim/2 are a pair.</summary>
    /// <inheritdoc cref="Neighbours"/>
    public static Tensor Halves(Tensor x, Tensor table)
    {
        using var scope = NewDisposeScope();
        var exact = x.InType(table.dtype == ScalarType.ComplexFloat64 ? ScalarType.Float64 : ScalarType.Float32);
        var turns = table.unsqueeze(-2).view_as_real();
        var (cos, sin) = (turns.select(-1, 0), turns.select(-1, 1));
        var half = x.size(3) / 2;
        var (first, second) = (exact.narrow(3, 0, half), exact.narrow(3, half, half));
        return cat([first.mul(cos).addcmul_(second, sin, MinusOne), second.mul(cos).addcmul_(first, sin, One)], 3).MoveToOuterDisposeScope();
    }

    private static Tensor OneByOne(Tensor pairs, Tensor turns)
    {
        var (first, second, cos, sin) = (pairs.select(-1, 0), pairs.select(-1, 1), turns.select(-1, 0), turns.select(-1, 1));
        return stack([first.mul(cos).Plus(second.neg().mul(sin)), second.mul(cos).Plus(first.mul(sin))], -1);
    }

    private static double[] Frequencies(int width, double theta) => [.. Enumerable.Range(0, width / 2).Select(k => Math.Pow(theta, -2.0 * k / width))];
}
