namespace Acceleration;

/// <summary>The text of a file of which no more is read than such a file can have.</summary>
internal static class BoundedText
{
    /// <param name="path">The file.</param>
    /// <param name="longest">Characters it can have.</param>
    /// <param name="what">What it should be, for messages: <c>plan</c>.</param>
    /// <param name="refuse">Makes the exception of a reason.</param>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static string Read(string path, int longest, string what, Func<string, Exception> refuse)
    {
        if (path.Contains('\0'))
        {
            throw refuse("a path has no NUL character in it.");
        }

        if (SpecialFile.KindOf(path) is { } kind)
        {
            throw refuse($"this is {kind}; a {what}'s file is a regular one.");
        }

        try
        {
            using var reader = new StreamReader(path);
            var text = new char[longest + 1];
            var length = reader.ReadBlock(text);
            return length < text.Length ? new(text, 0, length) : throw refuse($"the file has more than {longest} characters, so it is no {what}.");
        }
        catch (UnauthorizedAccessException e)
        {
            throw new IOException($"{path}: {e.Message}", e);
        }
    }
}
