using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Acceleration;

/// <summary>How values of one type are read and written in JSON and in tags.</summary>
internal abstract class ValueForm
{
    /// <summary>Whether without a key nothing tells where its value begins, so that it can only stand first.</summary>
    public virtual bool IsFree => true;

    /// <summary>Whether it cannot be without a key.</summary>
    public virtual bool NeedsKey => false;

    /// <summary>Whether it takes whole numbers.</summary>
    public virtual bool IsWhole => false;

    /// <summary>The words it consists of in tags, where it consists of words.</summary>
    public virtual IReadOnlyList<string> Words => [];

    /// <summary>The form of a property's type.</summary>
    /// <exception cref="PlanException">Plans cannot hold values of that type.</exception>
    public static ValueForm Of(Type type, AllowedAttribute? allowed, string owner)
    {
        if (type == typeof(int) || type == typeof(long) || type == typeof(double))
        {
            return new NumberForm(type);
        }

        if (type == typeof(bool))
        {
            return new BoolForm();
        }

        if (type == typeof(string) || type == typeof(Where))
        {
            return new TextForm(type);
        }

        if (type.IsEnum)
        {
            return type.IsDefined(typeof(FlagsAttribute)) ? new FlagsForm(type) : new WordForm(EnumWords.Of(type));
        }

        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>))
        {
            return new ListForm(type.GetGenericArguments()[0], Of(type.GetGenericArguments()[0], null, owner), allowed);
        }

        return type switch
        {
            { IsInterface: true } or { IsAbstract: true } => new ChoiceForm(type),
            _ when Instances(type) is { Count: > 0 } named => new WordForm(named),
            _ when type.IsClass && type.GetConstructors().Length > 0 => new RecordForm(type),
            _ => throw new PlanException(owner, $"plans cannot hold a {type.Name}: numbers, bool, enums, text, {nameof(Where)}, entries, records and IReadOnlyList<> of these are known."),
        };
    }

    /// <param name="json">The value.</param>
    /// <param name="path">Where it stands.</param>
    /// <param name="vocabulary">The known entries.</param>
    public abstract object Read(JsonElement json, string path, PlanVocabulary vocabulary);

    public abstract void Write(Utf8JsonWriter json, object value, string path);

    public abstract JsonObject Schema(SchemaWriter schema);

    /// <summary>Writes key and value at a level of nesting.</summary>
    public abstract void WriteTag(TagWriter tag, int level, string key, object value);

    /// <summary>Reads a value whose key has been read.</summary>
    public abstract object ReadTag(TagReader tag, PlanVocabulary vocabulary);

    /// <summary>Whether a value can begin with a character.</summary>
    public virtual bool BeginsWith(char c) => false;

    /// <summary>What is expected, as messages say it.</summary>
    public abstract string Expected(AllowedAttribute? allowed);

    /// <summary>A value for messages.</summary>
    public virtual string Show(object value) => Names.Number(value);

    /// <summary>Whether two values are the same.</summary>
    public virtual bool Same(object? a, object? b) => Equals(a, b);

    protected PlanException Wrong(JsonElement json, string path, AllowedAttribute? allowed = null) =>
        PlanException.NotAllowed(path, PlanException.Shorten(json.GetRawText()), Expected(allowed));

    /// <summary>A closed set of values that a class offers as its static properties.</summary>
    private static IReadOnlyList<NamedValue> Instances(Type type) => type.GetConstructors().Length > 0
        ? []
        : [.. type.GetProperties(BindingFlags.Public | BindingFlags.Static).Where(p => p.PropertyType == type).Select(p => new NamedValue(Names.Camel(p.Name), Names.Word(p), p.GetValue(null)!))];
}
