namespace Acceleration;

/// <summary>What makes an entry's attributes unfit for tags that can be read again, told when the entry is first used.</summary>
internal static class DescriptionChecks
{
    private const string Signs = ":/^%=@";

    public static void Check(Description entry)
    {
        if (entry.Type == typeof(AccelerationPlan))
        {
            return;
        }

        if (!entry.Prefix.All(c => char.IsAsciiLetter(c) || c is '-' or '^') || entry.Prefix == "E")
        {
            throw new PlanException(entry.Type.Name, $"'{entry.Prefix}' cannot begin a tag: letters, '-' and '^' can, and E alone looks like an exponent.");
        }

        foreach (var parameter in entry.Parameters)
        {
            CheckKey(entry, parameter);
        }

        if (entry.Parameters.Where(p => p.IsFree).Skip(1).FirstOrDefault() is { } second)
        {
            throw new PlanException(entry.Type.Name, $"{second.Property} needs a key in its [InTag]: only one value can follow the tag's beginning without.");
        }

        CheckLiterals(entry);
    }

    private static void CheckKey(Description entry, Parameter parameter)
    {
        if (parameter.Key is not { } key)
        {
            throw new PlanException(entry.Type.Name, $"{parameter.Property} has no [InTag(\"key\")]: a plan could not hold it. Give it a key that its other parameters do not have.");
        }

        if (!(key.All(char.IsAsciiLetterLower) || (key.Length == 1 && Signs.Contains(key[0]))))
        {
            throw new PlanException(entry.Type.Name, $"{parameter.Property} has the key '{key}': keys are lower-case letters or one of {Signs}.");
        }

        if (key.Length == 0 && parameter.Form.NeedsKey)
        {
            throw new PlanException(entry.Type.Name, $"{parameter.Property} needs a key in its [InTag]: its value is an entry, or a switch.");
        }
    }

    private static void CheckLiterals(Description entry)
    {
        var literals = entry.Parameters.Where(p => !(p.IsRequired && p.Key is not "")).SelectMany(p => p.Literals).ToArray();
        if (literals.GroupBy(l => l).FirstOrDefault(g => g.Count() > 1)?.Key is { } twice)
        {
            throw new PlanException(entry.Type.Name, $"'{twice}' stands for two things in its tag.");
        }

        // A word and what follows it must not read as a longer word.
        var words = entry.Parameters.SelectMany(p => p.Form is BoolForm ? p.Literals : p.Form.Words.Select(w => p.Key + w)).ToArray();
        foreach (var word in words)
        {
            if (literals.FirstOrDefault(longer => longer.Length > word.Length && literals.Any(next => (word + next).StartsWith(longer, StringComparison.Ordinal))) is { } read)
            {
                throw new PlanException(entry.Type.Name, $"'{word}' and what may follow it read as '{read}' in its tag.");
            }
        }
    }
}
