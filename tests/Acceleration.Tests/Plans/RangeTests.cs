using System.Reflection;

namespace Acceleration.Tests.Plans;

/// <summary>The ranges that attributes state are those that the types accept: just inside is taken, just outside is refused, by the type itself as well as by plans.</summary>
public sealed class RangeTests
{
    private const int Tries = 60;

    public static TheoryData<Type, string> Ranges =>
    [
        .. PlanVocabulary.Default.Types.Append(typeof(BottleneckStage)).Append(typeof(UpsamplingStage))
            .SelectMany(t => Drawn.Parameters(t).Where(p => p.IsDefined(typeof(AllowedAttribute))).Select(p => new TheoryDataRow<Type, string>(t, p.Name))),
    ];

    [Theory]
    [MemberData(nameof(Ranges))]
    public void StatedAndCheckedRangesAgree(Type type, string name)
    {
        var property = type.GetProperty(name)!;
        var allowed = property.GetCustomAttribute<AllowedAttribute>()!;
        var (inside, outside) = allowed is RangeAttribute range ? Ends(range, property) : Lists((OrderedAttribute)allowed);

        Assert.NotEmpty(inside);
        Assert.NotEmpty(outside);
        Assert.All(inside, v => Assert.True(allowed.Allows(v)));
        Assert.All(outside, v => Assert.False(allowed.Allows(v)));
        foreach (var value in inside)
        {
            // Other parameters may bound this one: some setting of theirs must accept it.
            Assert.True(Enumerable.Range(0, Tries).Any(seed => Accepts(type, property, value, seed)), $"{type.Name}.{name} = {value} lies inside the stated range ({allowed.Text(false)}) and is refused.");
        }

        foreach (var value in outside)
        {
            Assert.False(Enumerable.Range(0, Tries).Any(seed => Accepts(type, property, value, seed)), $"{type.Name}.{name} = {value} lies outside of the stated range ({allowed.Text(false)}) and is accepted.");
        }
    }

    [Theory]
    [MemberData(nameof(Numbers))]
    public void NumbersWithoutARangeTakeAnyFiniteOne(Type type, string name)
    {
        var property = type.GetProperty(name)!;
        Assert.All(new[] { -1e30, -1.5, 0, 1e-30, 1e30 }, v => Assert.True(Accepts(type, property, v, 1), $"{type.Name}.{name} = {v} is refused: state its range."));
    }

    public static TheoryData<Type, string> Numbers =>
    [
        .. PlanVocabulary.Default.Types
            .SelectMany(t => Drawn.Parameters(t).Where(p => p.PropertyType == typeof(double) && !p.IsDefined(typeof(AllowedAttribute))).Select(p => new TheoryDataRow<Type, string>(t, p.Name))),
    ];

    private static bool Accepts(Type type, PropertyInfo property, object value, int seed)
    {
        var drawn = new Drawn(new(seed));
        try
        {
            var values = Drawn.Parameters(type).ToDictionary(p => p, p => (object?)drawn.Value(p));
            values[property] = value;
            _ = Drawn.Make(type, values) is IStrategy strategy ? strategy.Needs : null;
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    private static (object[] Inside, object[] Outside) Ends(RangeAttribute range, PropertyInfo property)
    {
        var whole = (Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType) == typeof(int);
        object Step(double end, int by) => whole ? (object)((int)end + by) : by == 0 ? end : by > 0 ? Math.BitIncrement(end) : Math.BitDecrement(end);
        var inside = new List<object> { Step(range.Least, range.OpenBelow ? 1 : 0) };
        var outside = new List<object> { Step(range.Least, range.OpenBelow ? 0 : -1) };
        if (double.IsFinite(range.Most))
        {
            inside.Add(Step(range.Most, range.OpenAbove ? -1 : 0));
            outside.Add(Step(range.Most, range.OpenAbove ? 0 : 1));
        }

        if (!whole)
        {
            outside.Add(double.NaN);
        }

        return ([.. inside], [.. outside]);
    }

    private static (object[] Inside, object[] Outside) Lists(OrderedAttribute ordered) => ordered.Descending
        ? ([new[] { 0 }, new[] { 3, 2, 0 }], [Array.Empty<int>(), new[] { 2, 2 }, new[] { 1, 2 }, new[] { 2, -1 }])
        : ([new[] { 0 }, new[] { 0, 1, 5 }], [Array.Empty<int>(), new[] { 0, 0 }, new[] { 0, 2, 1 }, new[] { -1 }, .. ordered.First == 0 ? [[1, 2]] : Array.Empty<int[]>()]);
}
