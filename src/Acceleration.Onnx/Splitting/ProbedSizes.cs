namespace Acceleration.Onnx;

/// <summary>Sizes of all values in two calls, of which the second has another number of rows, and another length of the text where the model leaves that open.</summary>
/// <param name="first">Types and sizes by value in the first call.</param>
/// <param name="second">In the second.</param>
internal sealed class ProbedSizes(IReadOnlyDictionary<string, Probed> first, IReadOnlyDictionary<string, Probed> second)
{
    /// <summary>Rows of the first call.</summary>
    public const int Rows = 2;

    /// <summary>Rows of the second call.</summary>
    public const int OtherRows = 3;

    public long[]? Of(string value) => first.TryGetValue(value, out var probed) ? probed.Size : null;

    /// <summary>Its type, as ONNX numbers them; 0 where it is not known.</summary>
    public int TypeOf(string value) => first.TryGetValue(value, out var probed) ? probed.Type : 0;

    /// <summary>Its size with 0 for what differed between the calls.</summary>
    public long[]? Fixed(string value) => first.TryGetValue(value, out var a) && second.TryGetValue(value, out var b) && a.Size.Length == b.Size.Length ? [.. a.Size.Select((s, i) => s == b.Size[i] ? s : 0)] : null;

    /// <summary>Whether dimension 0 is the rows.</summary>
    public bool IsPerRow(string value) => first.TryGetValue(value, out var a) && second.TryGetValue(value, out var b) && a.Size.Length > 0 && a.Size.Length == b.Size.Length && a.Size[0] == Rows && b.Size[0] == OtherRows;

    /// <summary>Whether two values have one size in both calls.</summary>
    public bool AreAlike(string x, string y) => Alike(first, x, y) && Alike(second, x, y);

    private static bool Alike(IReadOnlyDictionary<string, Probed> sizes, string x, string y) => sizes.TryGetValue(x, out var a) && sizes.TryGetValue(y, out var b) && a.Size.AsSpan().SequenceEqual(b.Size);
}

/// <summary>A value as a call had it.</summary>
/// <param name="Type">Its type, as ONNX numbers them.</param>
/// <param name="Size">Its size.</param>
internal readonly record struct Probed(int Type, long[] Size);
