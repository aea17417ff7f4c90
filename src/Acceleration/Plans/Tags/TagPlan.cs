namespace Acceleration;

/// <summary>Whole plans as tags: parts joined by plus signs, the schedule at its solver.</summary>
internal static class TagPlan
{
    private const string SeparateBranches = "sb";

    /// <summary>Shorter words are near to many names.</summary>
    private const int ShortestName = 5;

    private const int NamedPrefixes = 5;

    public static string Write(AccelerationPlan plan)
    {
        var parts = new List<string>();
        if (plan.Solver is not null || plan.Schedule is not null)
        {
            parts.Add(Head(plan.Solver, plan.Schedule));
        }

        parts.AddRange(new object?[] { plan.Stages, plan.Clip }.OfType<object>().Select(TagEntry.Of));
        parts.AddRange(plan.Guidance.Concat(plan.Strategies).Select(s => s.Tag));
        if (plan.SeparateBranches)
        {
            parts.Add(SeparateBranches);
        }

        if (plan.Calibration is not null)
        {
            parts.Add(TagEntry.Of(plan.Calibration));
        }

        return string.Join('+', parts);
    }

    public static AccelerationPlan Read(string text, PlanVocabulary vocabulary)
    {
        if (text.Length > PlanJson.LongestText)
        {
            throw new PlanException("", $"a tag of {text.Length} characters is too long; {PlanJson.LongestText} at most.");
        }

        var tag = new TagReader(text);
        var parts = new List<object>();
        var separate = false;
        if (tag.AtEnd || text == TagText.None)
        {
            return new();
        }

        while (true)
        {
            separate |= ReadPart(tag, vocabulary, parts);
            if (tag.AtEnd)
            {
                break;
            }

            if (!tag.Take("+"))
            {
                throw Unexpected(tag, vocabulary, parts);
            }
        }

        T? The<T>(string what)
            where T : class
        {
            T[] found = [.. parts.OfType<T>()];
            return found.Length > 1 ? throw new PlanException($"Tag '{PlanException.Shorten(text)}'", $"{what} is given twice.") : found.FirstOrDefault();
        }

        var plan = AccelerationPlan.Of([.. parts.OfType<IStrategy>()]) with
        {
            Solver = The<ISolver>("the solver"),
            Schedule = The<IGrid>("the schedule"),
            Stages = The<IStaging>("a staging"),
            Clip = The<SampleClip>("the clip"),
            SeparateBranches = separate,
            Calibration = The<Calibration>("the calibration"),
        };
        plan.RequireConsistent();
        return plan;
    }

    /// <summary>The solver and its schedule; the prefix of the schedule that goes with the solver is left out.</summary>
    public static string Head(ISolver? solver, IGrid? schedule)
    {
        if (solver is null || schedule is null)
        {
            return TagEntry.Of((object?)solver ?? schedule!);
        }

        var tag = new TagWriter();
        var level = tag.Open("");
        TagEntry.Write(tag, level, "", solver);
        var text = TagEntry.Of(schedule);
        tag.Put(level, Usual(solver.GetType()) == schedule.GetType() ? text[Description.Of(schedule.GetType()).Prefix.Length..] : text);
        return tag.ToString();
    }

    private static Type? Usual(Type solver) => solver.IsDefined(typeof(UsualScheduleAttribute), false)
        ? ((UsualScheduleAttribute)solver.GetCustomAttributes(typeof(UsualScheduleAttribute), false)[0]).Type
        : null;

    private static bool ReadPart(TagReader tag, PlanVocabulary vocabulary, List<object> parts)
    {
        var entries = vocabulary.Parts();
        var at = tag.Position;
        var prefix = tag.Longest(entries.Select(e => e.Prefix).Append(SeparateBranches));
        if (prefix is null)
        {
            throw Unknown(tag, at, entries, Meant(tag.Rest(at), entries));
        }

        tag.Take(prefix);
        if (prefix == SeparateBranches)
        {
            return true;
        }

        var entry = entries.First(e => e.Prefix == prefix);
        object part;
        try
        {
            part = TagEntry.Read(entry, tag, vocabulary, isNested: typeof(ISolver).IsAssignableFrom(entry.Type));
        }
        catch (PlanException e) when (Misspelt(tag.Rest(at), prefix, entries) is { } meant)
        {
            throw Unknown(tag, at, entries, meant, e);
        }

        parts.Add(part);
        if (part is ISolver && tag.Next != '\0')
        {
            ReadSchedule(tag, vocabulary, parts);
        }

        return false;
    }

    /// <summary>There are about a hundred prefixes: the nearest are named.</summary>
    private static PlanException Unknown(TagReader tag, int at, IEnumerable<Description> entries, string? meant, PlanException? inner = null)
    {
        string[] known = [.. entries.Select(e => e.Prefix).Append(SeparateBranches)];
        var nearest = NearestName.Some(WordOf(tag.Rest(at)), known, NamedPrefixes);
        return PlanException.NotAllowed(
            tag.At(at), tag.Rest(at), $"a part that begins with one of {known.Length} prefixes, the nearest of which are {string.Join(", ", nearest)}; docs/strategies.md, docs/schedulers.md and docs/plans.md have them all", inner, meant);
    }

    /// <summary>Whether a word that happens to begin with a shorter prefix (CGF with C) was probably meant as another one.</summary>
    private static string? Misspelt(string rest, string prefix, IEnumerable<Description> entries)
    {
        var word = WordOf(rest);
        if (word.Length <= Math.Max(2, prefix.Length))
        {
            return null;
        }

        // Letters in another order are the likeliest slip, and two steps by distance.
        string[] known = [.. entries.Select(e => e.Prefix).Where(p => p.Length >= word.Length - 1 && p != prefix)];
        var meant = known.FirstOrDefault(p => p.Order().SequenceEqual(word.Order())) ?? NearestName.Of(word, known, 2);
        return meant is null ? null : Named(entries.First(e => e.Prefix == meant));
    }

    private static string WordOf(string rest) => string.Concat(rest.Trim('\'').TakeWhile(char.IsAsciiLetter));

    /// <summary>The prefix that a name in full, or in other letters, probably stands for.</summary>
    private static string? Meant(string rest, IEnumerable<Description> entries)
    {
        var word = WordOf(rest);
        var entry = entries.FirstOrDefault(e => word.Length > 0 && (e.Prefix.Equals(word, StringComparison.OrdinalIgnoreCase) || e.Name.Equals(word, StringComparison.OrdinalIgnoreCase) || e.Type.Name.Equals(word, StringComparison.OrdinalIgnoreCase)));
        if (entry is null && word.Length >= ShortestName)
        {
            var near = NearestName.Of(word, entries.SelectMany(e => new[] { e.Name, e.Type.Name }), word.Length / 3);
            entry = near is null ? null : entries.First(e => e.Name == near || e.Type.Name == near);
        }

        return entry is null ? null : Named(entry);
    }

    private static string Named(Description entry) => $"'{entry.Prefix}', {entry.Type.Name}";

    /// <summary>What follows a solver.</summary>
    private static void ReadSchedule(TagReader tag, PlanVocabulary vocabulary, List<object> parts)
    {
        var grids = vocabulary.Of(typeof(IGrid));
        var usual = Usual(parts[^1].GetType()) is { } type ? grids.FirstOrDefault(g => g.Type == type) : null;
        var prefix = tag.Longest(grids.Select(g => g.Prefix));
        var grid = prefix is not null ? grids.First(g => g.Prefix == prefix) : usual?.Free?.Form.BeginsWith(tag.Next) == true ? usual : null;
        if (grid is null)
        {
            throw Unexpected(tag, vocabulary, parts);
        }

        tag.Take(prefix ?? "");
        parts.Add(TagEntry.Read(grid, tag, vocabulary, isNested: false));
    }

    private static PlanException Unexpected(TagReader tag, PlanVocabulary vocabulary, List<object> parts)
    {
        if (parts.Count == 0)
        {
            return new(tag.At(tag.Position), $"{tag.Rest(tag.Position)} does not belong to '{SeparateBranches}', which has no parameters; parts are joined by '+'.");
        }

        var last = Description.Of(parts[^1].GetType());
        var schedules = parts[^1] is ISolver ? $"; schedules: {string.Join(", ", vocabulary.Of(typeof(IGrid)).Select(g => g.Prefix))}" : "";
        return new(tag.At(tag.Position), $"{tag.Rest(tag.Position)} does not belong to {last.Name} ({TagEntry.Known(last)}{schedules}); parts are joined by '+'.");
    }
}
