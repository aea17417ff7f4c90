using System.Collections.Concurrent;
using System.Reflection;

namespace Acceleration;

/// <summary>An entry of plans: what its type and attributes say, checked once. JSON, schema and tags all follow from it.</summary>
internal sealed class Description
{
    private static readonly ConcurrentDictionary<Type, Description> Known = new();
    private readonly ConstructorInfo? _constructor;
    private readonly Parameter[] _arguments;
    private readonly object? _only;

    private Description(Type type)
    {
        Type = type;
        var entry = type.GetCustomAttribute<EntryAttribute>();
        (Name, Prefix) = (entry?.Name ?? "", entry?.Tag ?? "");
        _constructor = type.GetConstructors().OrderByDescending(c => c.GetParameters().Length).FirstOrDefault();
        _only = _constructor is null ? type.GetProperty("Instance", BindingFlags.Public | BindingFlags.Static)?.GetValue(null) : null;
        if (_constructor is null && _only is null)
        {
            throw new PlanException(type.Name, "an entry of plans has a public constructor, or a static property Instance where there is only one.");
        }

        var arguments = _constructor?.GetParameters() ?? [];
        Parameter[] all =
        [
            .. type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
                .Where(p => p.GetMethod is not null && p.GetIndexParameters().Length == 0)
                .Select(p => (Property: p, Argument: Array.Find(arguments, a => string.Equals(a.Name, p.Name, StringComparison.OrdinalIgnoreCase))))
                .Where(p => p.Argument is not null || p.Property.SetMethod is { IsPublic: true })
                .OrderBy(p => p.Argument?.Position ?? int.MaxValue)
                .Select(p => new Parameter(p.Property, p.Argument)),
        ];
        _arguments = Array.ConvertAll(arguments, a => Array.Find(all, p => p.Argument == a)
            ?? throw new PlanException(type.Name, $"the constructor's parameter '{a.Name}' has no public property of that name, so a plan cannot hold it."));
        Parameters = all;
        DescriptionChecks.Check(this);
    }

    public Type Type { get; }

    /// <summary>Name in JSON; empty for records that stand at one place only.</summary>
    public string Name { get; }

    /// <summary>What its tag begins with.</summary>
    public string Prefix { get; }

    public IReadOnlyList<Parameter> Parameters { get; }

    /// <summary>The parameter that follows the prefix at once, or null.</summary>
    public Parameter? Free => Parameters.FirstOrDefault(p => p.IsFree);

    /// <summary>The characters with which a tag of this entry can go on.</summary>
    public string Continuations => string.Concat(Parameters.SelectMany(p => p.Literals).Select(l => l[0]).Distinct());

    public static Description Of(Type type) => Known.GetOrAdd(type, t => new(t));

    /// <summary>Whether a type says that it can be an entry.</summary>
    public static bool Has(Type type) => type.IsDefined(typeof(EntryAttribute), inherit: false);

    /// <summary>Makes an entry. All its checks apply; what they throw names the place.</summary>
    public object Create(IReadOnlyDictionary<Parameter, object?> given, Func<Parameter?, string> path)
    {
        foreach (var (parameter, value) in given)
        {
            parameter.Check(value, path(parameter));
        }

        if (_arguments.FirstOrDefault(a => a.IsRequired && !given.ContainsKey(a)) is { } missing)
        {
            throw new PlanException(path(null), $"'{missing.Name}' is missing; it is {missing.Form.Expected(missing.Allowed)}.");
        }

        try
        {
            var made = _only ?? _constructor!.Invoke(BindingFlags.DoNotWrapExceptions, null, Array.ConvertAll(_arguments, a => given.TryGetValue(a, out var v) ? v : a.Argument!.DefaultValue), null);
            foreach (var (parameter, value) in given.Where(g => g.Key.Argument is null))
            {
                parameter.Set(made, value);
            }

            return made;
        }
        catch (ArgumentException e)
        {
            var at = Parameters.FirstOrDefault(p => string.Equals(p.Property, e.ParamName, StringComparison.OrdinalIgnoreCase));
            var value = at is not null && given.TryGetValue(at, out var v) && v is not null ? PlanException.Shorten(at.Form.Show(v)) + " is not allowed: " : "";
            throw new PlanException(path(at), value + FirstLine(e), e);
        }
    }

    /// <summary>An entry with the same required parameters and defaults for all others: what is left out of tags and JSON is told by it.</summary>
    public object Usual(object entry) => Create(_arguments.Where(a => a.IsRequired).ToDictionary(a => a, a => a.Of(entry)), p => p is null ? Type.Name : $"{Type.Name}.{p.Property}");

    private static string FirstLine(ArgumentException e)
    {
        var message = e.Message.Split('\n')[0].TrimEnd();
        var suffix = message.LastIndexOf(" (Parameter '", StringComparison.Ordinal);
        return suffix < 0 ? message : message[..suffix];
    }
}
