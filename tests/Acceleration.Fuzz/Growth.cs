using static TorchSharp.torch;

namespace Acceleration.Fuzz;

/// <summary>What a process holds.</summary>
/// <param name="Tensors">Live tensors.</param>
/// <param name="Managed">Managed bytes after a collection.</param>
/// <param name="Resident">Resident bytes; 0 where the system does not tell.</param>
/// <param name="Mappings">Mappings of files in the fuzzer's folder.</param>
/// <param name="Handles">Open files in the fuzzer's folder.</param>
internal sealed record Growth(long Tensors, long Managed, long Resident, int Mappings, int Handles)
{
    private const long Page = 4096;

    public static Growth Now(string folder)
    {
        // Twice, because the first collection only lets finalizers run. Aggressive ones give memory back to the system, so that what stays resident is in use.
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        GC.WaitForPendingFinalizers();
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        return new(Tensor.TotalCount, GC.GetTotalMemory(forceFullCollection: false), ResidentBytes(), MappingsIn(folder), HandlesIn(folder));
    }

    public override string ToString() => $"{Tensors} live tensors, {Managed >> 20} MiB managed, {Resident >> 20} MiB resident, {Mappings} mappings, {Handles} open files";

    private static long ResidentBytes() => OperatingSystem.IsLinux()
        ? long.Parse(File.ReadAllText("/proc/self/statm").Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture) * Page
        : Environment.WorkingSet;

    private static int MappingsIn(string folder) => OperatingSystem.IsLinux() ? File.ReadLines("/proc/self/maps").Count(l => l.Contains(folder, StringComparison.Ordinal)) : 0;

    private static int HandlesIn(string folder) => OperatingSystem.IsLinux()
        ? new DirectoryInfo("/proc/self/fd").EnumerateFileSystemInfos().Count(f => f.LinkTarget?.StartsWith(folder, StringComparison.Ordinal) == true)
        : 0;
}
