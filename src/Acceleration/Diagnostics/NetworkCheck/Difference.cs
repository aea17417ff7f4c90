using static TorchSharp.torch;

namespace Acceleration;

/// <summary>How far a value is from what it should be.</summary>
internal static class Difference
{
    /// <summary>Largest difference relative to the largest value expected, over both members; absolute where all that is expected is zero.</summary>
    public static double Relative(Value actual, Value expected) => expected.Text is null
        ? Relative(actual.Main, expected.Main)
        : Math.Max(Relative(actual.Main, expected.Main), Relative(actual.Text!, expected.Text));

    /// <summary>What is wrong about the shape, or null.</summary>
    public static string? OfShapes(Value actual, Value expected) => Name(actual) == Name(expected) ? null : $"the result is {Name(actual)}, expected {Name(expected)}";

    /// <summary>The shapes of a value's members.</summary>
    public static string Name(Value value) => Name(value.Main) + (value.Text is null ? "" : " and text " + Name(value.Text));

    private static string Name(Tensor t) => $"[{string.Join(", ", t.shape)}]";

    private static double Relative(Tensor actual, Tensor expected)
    {
        using var scope = NewDisposeScope();
        var (a, b) = (actual.to(ScalarType.Float64), expected.to(ScalarType.Float64));
        if (b.numel() == 0)
        {
            return 0;
        }

        var sizes = HostReads.Doubles(stack([b.abs().max(), (a - b).abs().max()]));
        return sizes[0] > 0 ? sizes[1] / sizes[0] : sizes[1];
    }
}
