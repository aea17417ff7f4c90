namespace Acceleration.Onnx;

/// <summary>
/// Sizes of all values in several calls: the first as usual, the second with another number of rows and, where the model leaves it open, another length of the text. Where the model takes other sides and its parts shall, too, there is a third,
/// as the first but for its sides.
/// </summary>
/// <param name="calls">The calls.</param>
internal sealed class ProbedSizes(params IReadOnlyList<ProbedCall> calls)
{
    /// <summary>Rows of the first call.</summary>
    public const int Rows = 2;

    /// <summary>Rows of the second call.</summary>
    public const int OtherRows = 3;

    public IReadOnlyList<ProbedCall> Calls => calls;

    /// <summary>Its size in the first call.</summary>
    public long[]? Of(string value) => calls[0].Of(value);

    /// <summary>Its type, as ONNX numbers them; 0 where it is not known.</summary>
    public int TypeOf(string value) => calls[0].Values.TryGetValue(value, out var probed) ? probed.Type : 0;

    /// <summary>Its size with 0 for what differed between the calls.</summary>
    public long[]? Fixed(string value) => Of(value) is { } size && calls.All(c => c.Of(value)?.Length == size.Length) ? [.. size.Select((s, i) => calls.All(c => c.Of(value)![i] == s) ? s : 0)] : null;

    /// <summary>Whether dimension 0 is the rows.</summary>
    public bool IsPerRow(string value) => Of(value) is { Length: var rank } && calls.All(c => c.Of(value) is [var rows, ..] size && rows == c.Rows && size.Length == rank);

    /// <summary>Whether two values have one size in every call.</summary>
    public bool AreAlike(string x, string y) => calls.All(c => c.AreAlike(x, y));
}
