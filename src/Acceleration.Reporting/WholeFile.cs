namespace Acceleration.Reporting;

/// <summary>Files that are never seen half written.</summary>
public static class WholeFile
{
    /// <summary>Writes beside the path and moves into place; makes the directory where missing.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Write(string path, ReadOnlySpan<byte> content)
    {
        var whole = Path.GetFullPath(path);
        Directory.CreateDirectory(Path.GetDirectoryName(whole)!);
        var temporary = $"{whole}.{Guid.NewGuid():N}.tmp";
        try
        {
            File.WriteAllBytes(temporary, content);
            File.Move(temporary, whole, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }
    }
}
