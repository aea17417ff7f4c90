namespace Acceleration.Tool;

/// <summary>The folder that results go to.</summary>
internal static class OutputFolder
{
    /// <summary>Makes it, and proves that it can be written, before minutes are spent on what should go there.</summary>
    /// <exception cref="ToolException">It cannot be made or written.</exception>
    public static void Require(string folder)
    {
        try
        {
            Directory.CreateDirectory(folder);
            var probe = Path.Combine(folder, $".{Guid.NewGuid():N}.tmp");
            File.WriteAllBytes(probe, []);
            File.Delete(probe);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new ToolException($"--output '{folder}': {(File.Exists(folder) ? "a file of this name is there" : "it cannot be made or written")}; name a folder that can be.", e);
        }
    }
}
