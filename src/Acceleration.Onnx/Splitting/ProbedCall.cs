namespace Acceleration.Onnx;

/// <summary>A probing call: what it was made with, and the sizes that all values had.</summary>
/// <param name="Rows">Rows of it.</param>
/// <param name="Layout">Tokens of its picture.</param>
/// <param name="Text">Tokens of its texts.</param>
/// <param name="Values">Types and sizes by value.</param>
internal sealed record ProbedCall(int Rows, TokenLayout Layout, long Text, IReadOnlyDictionary<string, Probed> Values)
{
    /// <summary>Null where it is not known.</summary>
    public long[]? Of(string value) => Values.TryGetValue(value, out var probed) ? probed.Size : null;

    /// <summary>Whether two values had one size.</summary>
    public bool AreAlike(string x, string y) => Of(x) is { } a && Of(y) is { } b && a.AsSpan().SequenceEqual(b);
}

/// <summary>A value as a call had it.</summary>
/// <param name="Type">Its type, as ONNX numbers them.</param>
/// <param name="Size">Its size.</param>
internal readonly record struct Probed(int Type, long[] Size);
