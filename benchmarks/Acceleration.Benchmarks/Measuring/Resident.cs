using System.Globalization;

namespace Acceleration.Benchmarks;

/// <summary>Resident memory of this process, as Linux counts it.</summary>
internal static class Resident
{
    private const string Status = "/proc/self/status";
    private const string Reset = "/proc/self/clear_refs";

    /// <summary>Bytes by which the resident size rose above its size before, at its peak during the work; not a number elsewhere than on Linux.</summary>
    public static double Growth(Action work)
    {
        if (!File.Exists(Reset))
        {
            work();
            return double.NaN;
        }

        // 5 resets the peak to the present size.
        File.WriteAllText(Reset, "5");
        var before = Read("VmRSS:");
        work();
        return Read("VmHWM:") - before;
    }

    /// <summary>Bytes that are resident now, after a collection.</summary>
    public static long Now()
    {
        GC.Collect();
        return Environment.WorkingSet;
    }

    private static double Read(string name) =>
        1024.0 * long.Parse(File.ReadLines(Status).First(l => l.StartsWith(name, StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2].Split('\t')[^1], CultureInfo.InvariantCulture);
}
