using System.Collections;
using System.Runtime.InteropServices;

namespace Acceleration;

/// <summary>glibc's allocator settings.</summary>
internal static class GlibcAllocator
{
    // <malloc.h>
    private const int TrimThreshold = -1;
    private const int TopPad = -2;
    private const int MmapMax = -4;
    private const int ArenaMax = -8;

    private const int TopPadBytes = 256 << 20;

    private static readonly Lock Gate = new();
    private static bool _kept;

    /// <summary>Makes freed memory stay with the process.</summary>
    public static RuntimeSetting KeepMemory()
    {
        lock (Gate)
        {
            if (_kept)
            {
                return Setting(false, "freed memory already stays with the process");
            }

            if (UserSetting() is { } variable)
            {
                return Setting(false, $"left, because the environment sets {variable}");
            }

            if (!IsGlibc())
            {
                return Setting(false, "left, because the C library is not glibc");
            }

            // Large blocks from the heap rather than mapped, a heap that grows in big steps and never shrinks, and one heap only.
            _kept = mallopt(MmapMax, 0) == 1 & mallopt(TrimThreshold, int.MaxValue) == 1
                & mallopt(TopPad, TopPadBytes) == 1 & mallopt(ArenaMax, 1) == 1;
            return _kept
                ? Setting(true, "freed memory stays with the process, in one heap")
                : Setting(false, "left in part, because glibc refused a setting");
        }
    }

    private static RuntimeSetting Setting(bool changed, string explanation) => new("allocator", changed, explanation);

    private static string? UserSetting()
    {
        foreach (DictionaryEntry entry in Environment.GetEnvironmentVariables())
        {
            var name = (string)entry.Key;
            var tunables = name == "GLIBC_TUNABLES" && entry.Value is string value && value.Contains("glibc.malloc", StringComparison.Ordinal);
            if (tunables || name is "MALLOC_MMAP_MAX_" or "MALLOC_MMAP_THRESHOLD_" or "MALLOC_TRIM_THRESHOLD_" or "MALLOC_TOP_PAD_" or "MALLOC_ARENA_MAX")
            {
                return name;
            }
        }

        return null;
    }

    private static bool IsGlibc()
    {
        if (!OperatingSystem.IsLinux())
        {
            return false;
        }

        try
        {
            return gnu_get_libc_version() != 0;
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException)
        {
            return false;
        }
    }

    [DllImport("libc.so.6")]
    private static extern nint gnu_get_libc_version();

    [DllImport("libc.so.6")]
    private static extern int mallopt(int parameter, int value);
}
