namespace Acceleration;

/// <summary>
/// Makes a record a possible entry of a plan. Its parameters are its public properties that can be initialised; each has an <see cref="InTagAttribute"/>. JSON,
/// schema and tags follow from these attributes alone.
/// </summary>
/// <param name="name">Name in JSON, in camel case: <c>easycache</c>.</param>
/// <param name="tag">What its tag begins with: <c>EC</c>. Letters, <c>-</c> and <c>^</c>; strategies begin with a capital. Empty for the one entry of a list of choices that needs no name.</param>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class EntryAttribute(string name, string tag) : Attribute
{
    /// <summary>Name in JSON.</summary>
    public string Name { get; } = name;

    /// <summary>What its tag begins with.</summary>
    public string Tag { get; } = tag;
}
