namespace Acceleration;

/// <summary>How a value with a name is written in tags.</summary>
/// <param name="word">Lower-case letters and digits, or one sign first; without the attribute it is the name in lower case.</param>
[AttributeUsage(AttributeTargets.Field | AttributeTargets.Property)]
public sealed class TagWordAttribute(string word) : Attribute
{
    /// <summary>The word.</summary>
    public string Word { get; } = word;
}
