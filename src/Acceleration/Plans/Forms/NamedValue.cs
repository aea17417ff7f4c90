namespace Acceleration;

/// <summary>A value with a name.</summary>
/// <param name="Name">In JSON.</param>
/// <param name="Word">In tags.</param>
/// <param name="Value">The value.</param>
internal sealed record NamedValue(string Name, string Word, object Value);
