using System.Text.RegularExpressions;

namespace Acceleration;

/// <content>Files and tags.</content>
public sealed partial record AccelerationPlan
{
    /// <summary>The longest tag that is written out.</summary>
    public const int LongestTag = 80;

    /// <summary>
    /// Short form for tables, from which <see cref="Parse"/> makes the plan again: <c>ddim50+CFG2+EC0.05</c>. A plan that would need more than <see cref="LongestTag"/> characters is cited by file
    /// and hash: <c>name.json@0123456789ab</c>.
    /// </summary>
    public string Tag => Text.Length <= LongestTag ? Text : $"{Name ?? "plan"}.json@{Hash}";

    /// <summary>12 hexadecimal digits that plans share only where they are equal.</summary>
    public string Hash => ShortHash.Of(PlanJson.Write(this, indented: false));

    /// <summary>The JSON schema of plans (draft 2020-12), generated from the types.</summary>
    public static string Schema => SchemaWriter.Of(PlanVocabulary.Default);

    /// <summary>The whole tag, whatever its length.</summary>
    internal string Text => TagPlan.Write(this);

    /// <summary>Reads a plan.</summary>
    /// <param name="text">JSON.</param>
    /// <param name="vocabulary">The entries it may name; null for the library's own.</param>
    /// <exception cref="PlanException">It is no plan; the message says where, and what would be right.</exception>
    public static AccelerationPlan FromJson(string text, PlanVocabulary? vocabulary = null)
    {
        ArgumentNullException.ThrowIfNull(text);
        return PlanJson.Read(text, vocabulary ?? PlanVocabulary.Default);
    }

    /// <summary>Reads a plan from a file.</summary>
    /// <inheritdoc cref="FromJson"/>
    /// <param name="path">The file.</param>
    /// <param name="vocabulary">The entries it may name; null for the library's own.</param>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static AccelerationPlan Load(string path, PlanVocabulary? vocabulary = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        try
        {
            return FromJson(PlanFile.Read(path), vocabulary) with { Name = Path.GetFileNameWithoutExtension(path) };
        }
        catch (PlanException e)
        {
            throw e.In(path);
        }
    }

    /// <summary>Makes the plan that a tag stands for, or loads it.</summary>
    /// <param name="tagOrPath">A tag, the path of a .json file, or such a path with <c>@</c> and the hash that the plan must have.</param>
    /// <param name="vocabulary">The entries it may name; null for the library's own.</param>
    /// <exception cref="PlanException">It is neither, or the file's plan has another hash.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static AccelerationPlan Parse(string tagOrPath, PlanVocabulary? vocabulary = null)
    {
        ArgumentNullException.ThrowIfNull(tagOrPath);
        var file = Citation().Match(tagOrPath);
        if (!file.Success)
        {
            return TagPlan.Read(tagOrPath, vocabulary ?? PlanVocabulary.Default);
        }

        var plan = Load(file.Groups["path"].Value, vocabulary);
        return !file.Groups["hash"].Success || file.Groups["hash"].Value == plan.Hash
            ? plan
            : throw new PlanException(tagOrPath, $"the plan in that file has the hash {plan.Hash} now: it has been changed since it was cited.");
    }

    /// <summary>The plan as indented JSON. Parameters that have their defaults are left out.</summary>
    /// <exception cref="PlanException">It holds something that JSON cannot, or a type without an <see cref="EntryAttribute"/>.</exception>
    public string ToJson() => PlanJson.Write(this, indented: true);

    /// <summary>Writes the plan to a file, which is never seen half written.</summary>
    /// <returns>The same plan, which cites that file where its tag would be too long.</returns>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public AccelerationPlan Save(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var whole = Path.GetFullPath(path);
        var temporary = $"{whole}.{Guid.NewGuid():N}.tmp";
        try
        {
            File.WriteAllText(temporary, ToJson() + "\n");
            File.Move(temporary, whole, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }

        return this with { Name = Path.GetFileNameWithoutExtension(path) };
    }

    [GeneratedRegex("^(?<path>.+\\.json)(@(?<hash>[0-9a-f]{12}))?$", RegexOptions.CultureInvariant)]
    private static partial Regex Citation();
}
