namespace Acceleration;

/// <summary>How a parameter is written in a tag: its key, then its value. What equals its default is left out.</summary>
/// <param name="key">
/// Lower-case letters, or a sign of <c>: / ^ % = @</c>; empty for the first parameter, and for values that are words of their own. The key of a switch
/// stands for the value that is not its default. Required parameters may share a key: they are told apart by their order.
/// </param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class InTagAttribute(string key = "") : Attribute
{
    /// <summary>The key.</summary>
    public string Key { get; } = key;

    /// <summary>Whether it is written even where it equals its default, because a reader would miss it.</summary>
    public bool Always { get; init; }
}
