using System.Reflection;

namespace Acceleration;

/// <summary>One parameter of an entry, as its property and attributes describe it.</summary>
internal sealed class Parameter
{
    private static readonly NullabilityInfoContext Nullability = new();
    private readonly PropertyInfo _property;

    public Parameter(PropertyInfo property, ParameterInfo? argument)
    {
        (_property, Argument) = (property, argument);
        Name = Names.Camel(property.Name);
        var tag = property.GetCustomAttribute<InTagAttribute>();
        (Key, Always) = (tag?.Key, tag?.Always ?? false);
        Allowed = property.GetCustomAttribute<AllowedAttribute>();
        IsRequired = argument is { HasDefaultValue: false };
        var inner = Nullable.GetUnderlyingType(property.PropertyType);
        IsNullable = inner is not null || (!property.PropertyType.IsValueType && MayBeNull(property));
        Form = ValueForm.Of(inner ?? property.PropertyType, Allowed, $"{property.DeclaringType!.Name}.{property.Name}");
    }

    /// <summary>Name in JSON.</summary>
    public string Name { get; }

    /// <summary>Name in code.</summary>
    public string Property => _property.Name;

    /// <summary>Key in tags; null where it has no place in tags.</summary>
    public string? Key { get; }

    /// <summary>Whether tags show the default, too.</summary>
    public bool Always { get; }

    /// <summary>Whether there is no default.</summary>
    public bool IsRequired { get; }

    public bool IsNullable { get; }

    public AllowedAttribute? Allowed { get; }

    /// <summary>How its values are read and written.</summary>
    public ValueForm Form { get; }

    /// <summary>The constructor's parameter, or null where the property is initialised.</summary>
    public ParameterInfo? Argument { get; }

    /// <summary>Whether its value follows the entry's prefix without a key or a word that tells it apart.</summary>
    public bool IsFree => Key is "" && Form.IsFree;

    public bool CanBeSet => _property.CanWrite;

    public object? Of(object entry) => _property.GetValue(entry);

    public void Set(object entry, object? value) => _property.SetValue(entry, value, BindingFlags.DoNotWrapExceptions, null, null, null);

    /// <summary>Refuses a value outside of the stated range.</summary>
    public void Check(object? value, string path)
    {
        if (value is not null && Allowed is not null && !Allowed.Allows(value))
        {
            throw PlanException.NotAllowed(path, Form.Show(value), Allowed.Text(Form.IsWhole));
        }
    }

    /// <summary>What starts it in a tag; empty for what follows the prefix at once.</summary>
    public IEnumerable<string> Literals => Key switch
    {
        null => [],
        "" when Form.IsFree => IsNullable ? [TagText.None] : [],
        "" => IsNullable ? [.. Form.Words, TagText.None] : Form.Words,
        _ => [Key],
    };

    private static bool MayBeNull(PropertyInfo property)
    {
        // The context is not safe for several threads.
        lock (Nullability)
        {
            return Nullability.Create(property).ReadState == NullabilityState.Nullable;
        }
    }
}
