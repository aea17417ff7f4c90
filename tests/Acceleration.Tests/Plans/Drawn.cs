using System.Collections;
using System.Reflection;

namespace Acceleration.Tests.Plans;

/// <summary>
/// Draws plan entries at random from nothing but their types and attributes, so that it also draws types that did not exist when it was written. It does not use the library's own description of
/// entries, which is what it tests.
/// </summary>
internal sealed class Drawn(Random random, PlanVocabulary? vocabulary = null)
{
    private const int Tries = 200;
    private readonly PlanVocabulary _vocabulary = vocabulary ?? PlanVocabulary.Default;

    /// <summary>The properties that a plan has to hold.</summary>
    public static PropertyInfo[] Parameters(Type type) =>
    [
        .. type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(p => p.SetMethod is { IsPublic: true } || Argument(type, p) is not null),
    ];

    /// <summary>An entry of a type, no parameter of which has its default.</summary>
    public object Entry(Type type)
    {
        if (Constructor(type) is null)
        {
            return type.GetProperty("Instance", BindingFlags.Public | BindingFlags.Static)!.GetValue(null)!;
        }

        Exception? last = null;
        for (var i = 0; i < Tries; i++)
        {
            try
            {
                var made = Make(type, Parameters(type).ToDictionary(p => p, p => (object?)Value(p)));
                if (AtDefault(made) is { } same)
                {
                    last = new InvalidOperationException($"{type.Name}.{same.Name} was drawn at its default.");
                    continue;
                }

                if (made is IStrategy strategy)
                {
                    _ = strategy.Needs;
                }

                return made;
            }
            catch (ArgumentException e)
            {
                // Some parameters bound each other: drawn again.
                last = e;
            }
        }

        throw new InvalidOperationException($"No {type.Name} could be drawn: its ranges, as its attributes state them, are wider than what it accepts.", last);
    }

    /// <summary>An entry with these values.</summary>
    public static object Make(Type type, IReadOnlyDictionary<PropertyInfo, object?> values)
    {
        var constructor = Constructor(type)!;
        var arguments = constructor.GetParameters().Select(a => values.FirstOrDefault(v => Is(a, v.Key)) is { Key: not null } given ? given.Value : a.DefaultValue).ToArray();
        var made = constructor.Invoke(BindingFlags.DoNotWrapExceptions, null, arguments, null);
        foreach (var (property, value) in values.Where(v => Argument(type, v.Key) is null))
        {
            property.SetValue(made, value, BindingFlags.DoNotWrapExceptions, null, null, null);
        }

        return made;
    }

    /// <summary>A value for a parameter, never null.</summary>
    public object Value(PropertyInfo property) => Value(Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType, property);

    /// <summary>The first parameter that has its default, or null.</summary>
    private static PropertyInfo? AtDefault(object made)
    {
        var type = made.GetType();
        var required = Parameters(type).Where(p => Argument(type, p) is { HasDefaultValue: false }).ToDictionary(p => p, p => p.GetValue(made));
        var usual = Make(type, required);
        return Parameters(type).Except(required.Keys).FirstOrDefault(p => Same(p.GetValue(made), p.GetValue(usual)));
    }

    private static bool Same(object? a, object? b) => a is IEnumerable x and not string && b is IEnumerable y ? x.Cast<object>().SequenceEqual(y.Cast<object>()) : Equals(a, b);

    private static ConstructorInfo? Constructor(Type type) => type.GetConstructors().MaxBy(c => c.GetParameters().Length);

    private static ParameterInfo? Argument(Type type, PropertyInfo property) => Constructor(type)?.GetParameters().FirstOrDefault(a => Is(a, property));

    private static bool Is(ParameterInfo argument, PropertyInfo property) => string.Equals(argument.Name, property.Name, StringComparison.OrdinalIgnoreCase);

    private object Value(Type type, PropertyInfo owner)
    {
        if (owner.Name is "Stages" && type.IsGenericType)
        {
            return StageLists.Draw(type.GetGenericArguments()[0], random);
        }

        if (owner.GetCustomAttribute<OrderedAttribute>() is { } ordered)
        {
            return Ordered(ordered);
        }

        if (type == typeof(int))
        {
            return (int)Number(owner, whole: true);
        }

        if (type == typeof(long))
        {
            return random.NextInt64(1, 100_000);
        }

        if (type == typeof(double))
        {
            return Number(owner, whole: false);
        }

        if (type == typeof(bool))
        {
            return random.Next(2) == 0;
        }

        if (type == typeof(string))
        {
            return Pick("plain", "none", "nonesuch", "two words", "a+b,c:d/e%41^f", "ü⊕", "x[3]", "", "-1E5");
        }

        if (type == typeof(Where))
        {
            return Pick(Where.Network, Where.Correction, Where.CorrectionOf(16), Where.Cut(3), Where.Attention.InBlocks(2), Where.TemporalAttention, Where.GatedTemporalAttention.OnlyBlocks(1, 3), Where.GatedFeedForward.InBlocks(1, 20), Where.Path("down.0/attn_1"), Where.Path("a b+c,d:e@f%"));
        }

        if (type.IsEnum)
        {
            var members = Enum.GetValues(type).Cast<object>().ToArray();
            return type.IsDefined(typeof(FlagsAttribute))
                ? Enum.ToObject(type, members.Where(_ => random.Next(2) == 0).Sum(Convert.ToInt64))
                : members[random.Next(members.Length)];
        }

        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>))
        {
            var element = type.GetGenericArguments()[0];
            var list = Array.CreateInstance(element, random.Next(0, 5));
            for (var i = 0; i < list.Length; i++)
            {
                list.SetValue(Value(element, owner), i);
            }

            return list;
        }

        if (type.IsInterface || type.IsAbstract)
        {
            return Entry(Pick([.. _vocabulary.Types.Where(type.IsAssignableFrom)]));
        }

        var named = type.GetProperties(BindingFlags.Public | BindingFlags.Static).Where(p => p.PropertyType == type).ToArray();
        return Constructor(type) is null && named.Length > 0 ? Pick(named).GetValue(null)! : Entry(type);
    }

    private double Number(PropertyInfo owner, bool whole)
    {
        var range = owner.GetCustomAttribute<RangeAttribute>();
        var least = double.IsFinite(range?.Least ?? double.NaN) ? range!.Least : -1000;
        var most = double.IsFinite(range?.Most ?? double.NaN) ? range!.Most : least + 2000;
        if (whole)
        {
            return random.NextInt64((long)Math.Ceiling(least), (long)Math.Min(int.MaxValue, random.Next(3) == 0 ? most : Math.Min(most, least + 8)) + 1);
        }

        // Every kind of number: round, long, tiny and huge.
        var value = random.Next(4) switch
        {
            0 => Math.Round(least + (random.NextDouble() * Math.Min(most - least, 4)), 2),
            1 => least + (random.NextDouble() * (most - least)),
            2 => least + (random.NextDouble() * Math.Min(1, most - least) * 1e-9),
            _ => range is { Most: < double.PositiveInfinity } ? most - ((most - least) * 1e-12 * (1 + random.NextDouble())) : least + (random.NextDouble() * 1e25),
        };
        return range is null || range.Allows(value) ? value : least + ((most - least) / 2);
    }

    private int[] Ordered(OrderedAttribute ordered)
    {
        var list = new List<int> { ordered.First >= 0 ? ordered.First : random.Next(5) };
        for (var i = random.Next(8); i > 0; i--)
        {
            list.Add(list[^1] + random.Next(1, 40));
        }

        return ordered.Descending ? [.. list.AsEnumerable().Reverse()] : [.. list];
    }

    private T Pick<T>(params T[] from) => from[random.Next(from.Length)];
}
