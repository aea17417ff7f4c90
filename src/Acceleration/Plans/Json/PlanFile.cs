namespace Acceleration;

/// <summary>The text of a plan's file, of which no more is read than a plan can have.</summary>
internal static class PlanFile
{
    /// <exception cref="PlanException">The file is too long, or none.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static string Read(string path)
    {
        if (path.Contains('\0'))
        {
            throw new PlanException("", "a path has no NUL character in it.");
        }

        if (SpecialFile.KindOf(path) is { } kind)
        {
            throw new PlanException("", $"this is {kind}; a plan's file is a regular one.");
        }

        try
        {
            using var reader = new StreamReader(path);
            var text = new char[PlanJson.LongestText + 1];
            var length = reader.ReadBlock(text);
            return length < text.Length ? new(text, 0, length) : throw new PlanException("", $"the file has more than {PlanJson.LongestText} characters, so it is no plan.");
        }
        catch (UnauthorizedAccessException e)
        {
            throw new IOException($"{path}: {e.Message}", e);
        }
    }
}
