namespace Acceleration;

/// <summary>The processor cores behind the logical processors.</summary>
internal static class PhysicalCores
{
    private const string LinuxRoot = "/sys/devices/system/cpu";

    /// <summary>The cores this process may use, or null where the system does not say.</summary>
    public static int? Count() => OperatingSystem.IsLinux() && Count(LinuxRoot) is { } cores
        ? Math.Min(cores, Environment.ProcessorCount)
        : null;

    /// <summary>The cores listed under a directory like Linux's; logical processors that list the same siblings share one.</summary>
    internal static int? Count(string root)
    {
        try
        {
            var siblings = Directory.EnumerateDirectories(root, "cpu*")
                .Select(cpu => Path.Combine(cpu, "topology", "thread_siblings_list"))
                .Where(File.Exists)
                .Select(list => File.ReadAllText(list).Trim())
                .ToHashSet();
            return siblings.Count > 0 ? siblings.Count : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
