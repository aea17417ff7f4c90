using System.Reflection;

namespace Acceleration;

/// <summary>The members of an enum.</summary>
internal static class EnumWords
{
    public static IReadOnlyList<NamedValue> Of(Type type) =>
        [.. type.GetFields(BindingFlags.Public | BindingFlags.Static).Select(f => new NamedValue(Names.Camel(f.Name), Names.Word(f), f.GetValue(null)!))];
}
