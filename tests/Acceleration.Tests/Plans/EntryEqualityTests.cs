using System.Collections;
using System.Reflection;

namespace Acceleration.Tests.Plans;

/// <summary>Entries are values: equal where all their parameters are, lists by their entries. Types are found by reflection: none can be forgotten.</summary>
public sealed class EntryEqualityTests
{
    private const int Draws = 10;

    public static TheoryData<Type> Types => RoundTripTests.Types;

    [Theory]
    [MemberData(nameof(Types))]
    public void EntriesAreEqualWhereAllTheirParametersAre(Type type)
    {
        var drawn = new Drawn(new(23));
        for (var i = 0; i < Draws; i++)
        {
            var (entry, other) = (drawn.Entry(type), drawn.Entry(type));
            var values = Drawn.Parameters(type).ToDictionary(p => p, p => Copied(p.PropertyType, p.GetValue(entry)));
            var same = values.Count == 0 ? drawn.Entry(type) : Drawn.Make(type, values);
            Assert.True(entry.Equals(same), $"{entry} differs from its copy.");
            Assert.Equal(entry.GetHashCode(), same.GetHashCode());
            foreach (var (parameter, value) in values)
            {
                Assert.False(Differing(type, values, parameter, parameter.GetValue(other)) is { } another && entry.Equals(another), $"{entry} is equal whatever its {parameter.Name}.");
            }
        }
    }

    /// <summary>The entry with another value of one parameter; null where that is no other, or does not fit the rest.</summary>
    private static object? Differing(Type type, Dictionary<PropertyInfo, object?> values, PropertyInfo parameter, object? given)
    {
        if (Same(values[parameter], given))
        {
            return null;
        }

        try
        {
            return Drawn.Make(type, new Dictionary<PropertyInfo, object?>(values) { [parameter] = given });
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    private static bool Same(object? a, object? b) =>
        a is IEnumerable x && b is IEnumerable y ? x.Cast<object>().SequenceEqual(y.Cast<object>()) : Equals(a, b);

    /// <summary>Lists as arrays of their own.</summary>
    private static object? Copied(Type type, object? value)
    {
        if (value is not IEnumerable list || !type.IsGenericType)
        {
            return value;
        }

        object[] entries = [.. list.Cast<object>()];
        var copy = Array.CreateInstance(type.GetGenericArguments()[0], entries.Length);
        Array.Copy(entries, copy, entries.Length);
        return copy;
    }
}
