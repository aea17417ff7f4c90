namespace Acceleration;

/// <summary>Entries in tags: prefix, then the parameters that differ from their defaults.</summary>
internal static class TagEntry
{
    // Each is up to three levels of JSON, which has a limit, too.
    private const int Deepest = 16;

    /// <summary>The tag of one entry.</summary>
    public static string Of(object entry)
    {
        var tag = new TagWriter();
        Write(tag, tag.Open(""), "", entry);
        return tag.ToString();
    }

    /// <summary>Writes an entry behind its key at a level.</summary>
    public static void Write(TagWriter tag, int level, string key, object value)
    {
        var entry = Description.Of(value.GetType());
        tag.Put(level, key + entry.Prefix);
        var own = tag.Open(entry.Continuations);
        if (entry.Parameters.Count == 0)
        {
            return;
        }

        var usual = entry.Usual(value);
        foreach (var parameter in entry.Parameters)
        {
            var given = parameter.Of(value);
            if (!parameter.IsRequired && !parameter.Always && !parameter.IsFree && parameter.Form.Same(given, parameter.Of(usual)))
            {
                continue;
            }

            if (given is not null)
            {
                WriteValue(tag, own, parameter, given);
            }
            else if (!parameter.Form.Same(given, parameter.Of(usual)))
            {
                tag.Put(own, parameter.Key + TagText.None);
            }
        }
    }

    /// <summary>Reads the parameters of an entry whose prefix has been read.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="tag">Where to read.</param>
    /// <param name="vocabulary">The known entries.</param>
    /// <param name="isNested">Whether a comma ends it.</param>
    public static object Read(Description entry, TagReader tag, PlanVocabulary vocabulary, bool isNested)
    {
        var start = tag.Position;
        if (++tag.Depth > Deepest)
        {
            throw new PlanException(tag.At(start), $"more than {Deepest} entries lie in each other.");
        }

        var given = new Dictionary<Parameter, object?>();
        var places = new Dictionary<Parameter, int>();
        if (entry.Free is { } free && free.Form.BeginsWith(tag.Next) && !(free.IsNullable && tag.Longest([TagText.None]) is not null))
        {
            places[free] = tag.Position;
            given[free] = Named(entry, free, () => free.Form.ReadTag(tag, vocabulary));
        }

        while (tag.Next != '\0' && !(isNested && tag.Take(",")) && tag.Longest(entry.Parameters.SelectMany(p => p.Literals)) is { } literal)
        {
            var at = tag.Position;
            var parameter = entry.Parameters.FirstOrDefault(p => !given.ContainsKey(p) && p.Literals.Contains(literal))
                ?? throw new PlanException(tag.At(at), $"'{literal}' is given twice.");
            places[parameter] = at;
            given[parameter] = Named(entry, parameter, () => ReadValue(tag, parameter, vocabulary));
        }

        string At(Parameter? p) => $"{tag.At(p is not null && places.TryGetValue(p, out var at) ? at : start)} ({Shown(entry)}{(p is null ? "" : $", {p.Name}")})";
        tag.Depth--;
        if (entry.Parameters.FirstOrDefault(p => p.IsRequired && !given.ContainsKey(p)) is { } missing)
        {
            // What could not be read may be what was meant.
            var key = missing.Key is { Length: > 0 } k ? $" In a tag it follows '{k}'." : "";
            var unread = isNested || tag.Next == '\0' ? "" : $" {tag.Rest(tag.Position)} does not belong to {Shown(entry)} ({Known(entry)}).";
            throw new PlanException(At(null), $"'{missing.Name}' is missing; it is {missing.Form.Expected(missing.Allowed)}.{key}{unread}");
        }

        return entry.Create(Resolve(entry, given, At), At);
    }

    /// <summary>What could have come where an entry ended, for messages.</summary>
    public static string Known(Description entry) => entry.Parameters.Count == 0
        ? "it has no parameters"
        : $"its parameters: {string.Join(", ", entry.Parameters.Select(p => $"{p.Name} ({(p.IsFree ? "first" : string.Join(" ", p.Literals))})"))}";

    /// <summary>Reads a value; what is wrong with it is told with the parameter's name, unless an entry in it has said more.</summary>
    private static object? Named(Description entry, Parameter parameter, Func<object?> read)
    {
        try
        {
            return read();
        }
        catch (PlanException e) when (!e.Path.EndsWith(')'))
        {
            throw e.Of($"{Shown(entry)}, {parameter.Name}");
        }
    }

    private static string Shown(Description entry) => entry.Name.Length == 0 ? entry.Type.Name : entry.Name;

    private static void WriteValue(TagWriter tag, int level, Parameter parameter, object value)
    {
        if (parameter.Form is BoolForm && parameter.IsRequired)
        {
            tag.Put(level, parameter.Key + ((bool)value ? "1" : "0"), endsInNumber: true);
        }
        else
        {
            parameter.Form.WriteTag(tag, level, parameter.Key!, value);
        }
    }

    private static object? ReadValue(TagReader tag, Parameter parameter, PlanVocabulary vocabulary)
    {
        if (parameter.Key!.Length > 0)
        {
            tag.Take(parameter.Key);
        }

        if (parameter.IsNullable && tag.Take(TagText.None))
        {
            return null;
        }

        if (parameter.Form is BoolForm && parameter.IsRequired)
        {
            return tag.Take("1") || (tag.Take("0") ? false : throw PlanException.NotAllowed(tag.At(tag.Position), tag.Rest(tag.Position), "1 or 0"));
        }

        return parameter.Form.ReadTag(tag, vocabulary);
    }

    /// <summary>Switches stand for what is not their default, which the other parameters may decide.</summary>
    private static Dictionary<Parameter, object?> Resolve(Description entry, Dictionary<Parameter, object?> given, Func<Parameter?, string> path)
    {
        if (!given.ContainsValue(BoolForm.Switched.Instance))
        {
            return given;
        }

        var usual = entry.Create(given.Where(g => g.Value is not BoolForm.Switched).ToDictionary(), path);
        return given.ToDictionary(g => g.Key, g => g.Value is BoolForm.Switched ? !(bool)g.Key.Of(usual)! : g.Value);
    }
}
