using System.Text.Json.Nodes;

namespace Acceleration;

/// <summary>What a parameter may be: shown by the schema and in messages. The check of the type itself is the last word and must agree.</summary>
[AttributeUsage(AttributeTargets.Property)]
public abstract class AllowedAttribute : Attribute
{
    /// <summary>The values, as messages say it behind "must be": <c>a number of at least 0</c>.</summary>
    /// <param name="whole">Whether the parameter takes whole numbers only.</param>
    public abstract string Text(bool whole);

    /// <summary>Whether a value is allowed.</summary>
    /// <param name="value">A number, or a list of whole numbers.</param>
    public abstract bool Allows(object value);

    /// <summary>States it in a JSON schema.</summary>
    internal abstract void Into(JsonObject schema);
}
