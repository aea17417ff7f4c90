using System.Collections.Immutable;

namespace Acceleration;

/// <summary>The entries that plans and tags may name: strategies, solvers, schedules, stagings, and what these are made of. Immutable: a type of one's own is added to a copy.</summary>
public sealed class PlanVocabulary
{
    private static readonly Type[] Standing = [typeof(IStrategy), typeof(ISolver), typeof(IGrid), typeof(IStaging), typeof(SampleClip), typeof(Calibration)];
    private readonly ImmutableArray<Description> _entries;

    private readonly Description[] _parts;

    private PlanVocabulary(ImmutableArray<Description> entries) => (_entries, _parts) = (entries, [.. entries.Where(StandsAlone)]);

    /// <summary>The library's own entries.</summary>
    public static PlanVocabulary Default { get; } = new([.. typeof(PlanVocabulary).Assembly.GetTypes().Where(t => t.IsPublic && Description.Has(t)).Select(Description.Of).OrderBy(d => d.Name, StringComparer.Ordinal)]);

    /// <summary>The types of all entries.</summary>
    public IReadOnlyList<Type> Types => [.. _entries.Select(d => d.Type)];

    /// <summary>A vocabulary that also knows a type of one's own: a strategy, a decision, a solver, whatever has an <see cref="EntryAttribute"/>.</summary>
    /// <exception cref="PlanException">Its attributes are incomplete, or its name or its tag is taken.</exception>
    public PlanVocabulary With<T>()
        where T : class => With(typeof(T));

    /// <inheritdoc cref="With{T}"/>
    /// <param name="type">The type.</param>
    public PlanVocabulary With(Type type)
    {
        ArgumentNullException.ThrowIfNull(type);
        if (!Description.Has(type))
        {
            throw new PlanException(type.Name, $"it has no [Entry(\"{Names.Camel(type.Name)}\", \"TAG\")], which says how plans and tags call it.");
        }

        var entry = Description.Of(type);
        if (_entries.Contains(entry))
        {
            return this;
        }

        if (_entries.FirstOrDefault(e => Compete(e, entry) && (e.Name == entry.Name || e.Prefix == entry.Prefix)) is { } taken)
        {
            throw new PlanException(type.Name, taken.Name == entry.Name ? $"the name '{entry.Name}' is {taken.Type.Name}'s." : $"the tag '{entry.Prefix}' is {taken.Type.Name}'s.");
        }

        return new(_entries.Add(entry));
    }

    /// <summary>The entries that can stand where a type is asked for.</summary>
    internal IReadOnlyList<Description> Of(Type family) => [.. _entries.Where(e => family.IsAssignableFrom(e.Type))];

    /// <summary>The entries that are parts of a plan by themselves.</summary>
    internal IReadOnlyList<Description> Parts() => _parts;

    /// <summary>What a family is called in messages.</summary>
    internal static string NameOf(Type family) => family == typeof(IGrid) ? "a schedule" : Readable(family) is var name && name.EndsWith('s') ? name : $"a {name}";

    /// <summary>What a family is called in messages that have an article already.</summary>
    internal static string WhatIs(Type family) => family == typeof(IGrid) ? "schedule" : Readable(family);

    // IGuidedSteps: guided steps.
    private static string Readable(Type family) => string.Concat((family.IsInterface && family.Name is ['I', _, ..] ? family.Name[1..] : family.Name).Select((c, i) => char.IsAsciiLetterUpper(c) ? $"{(i > 0 ? " " : "")}{char.ToLowerInvariant(c)}" : $"{c}"));

    private static bool StandsAlone(Description entry) => Array.Exists(Standing, t => t.IsAssignableFrom(entry.Type));

    private static bool Compete(Description a, Description b) =>
        (StandsAlone(a) && StandsAlone(b)) || a.Type.GetInterfaces().Intersect(b.Type.GetInterfaces()).Any(i => i.Namespace?.StartsWith("System", StringComparison.Ordinal) != true);
}
