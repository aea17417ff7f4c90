using System.Globalization;
using System.Runtime.InteropServices;

namespace Acceleration.Tests.Core;

/// <summary>Host memory of this process at its peak, as Linux counts it.</summary>
internal static class PeakMemory
{
    private const string Reset = "/proc/self/clear_refs";

    public static void SkipWhereItIsNotKnown() => Assert.SkipUnless(File.Exists(Reset), "Peak memory is read from Linux.");

    /// <summary>How far the peak rose. The system counts roughly: where little is needed it may be below zero.</summary>
    public static long Growth(Action work)
    {
        // The library tells the C allocator to keep what is freed; work that fits in what an earlier test gave back would seem to need nothing.
        _ = Trim(0);

        // 5 resets the peak to the present size.
        File.WriteAllText(Reset, "5");
        var before = Read("VmRSS:");
        work();
        return Read("VmHWM:") - before;
    }

    /// <summary>The peak of another process so far; 0 when it has ended.</summary>
    public static long Of(int process)
    {
        try
        {
            return Read("VmHWM:", $"{process}");
        }
        catch (Exception e) when (e is IOException or InvalidOperationException)
        {
            return 0;
        }
    }

    [DllImport("libc.so.6", EntryPoint = "malloc_trim")]
    private static extern int Trim(nuint keptAtTheTop);

    private static long Read(string name, string process = "self") =>
        1024 * long.Parse(File.ReadLines($"/proc/{process}/status").First(l => l.StartsWith(name, StringComparison.Ordinal)).Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
}
