using System.Runtime.InteropServices;

namespace Acceleration.Tests.Core;

/// <summary>What native code of this process has allocated and not given back, as the C library counts it: neither the collector's heap nor mapped files are in it.</summary>
internal static class NativeHeap
{
    public static void SkipWhereItIsNotKnown() =>
        Assert.SkipUnless(NativeLibrary.TryLoad("libc.so.6", out var library) && NativeLibrary.TryGetExport(library, "mallinfo2", out _), "Native memory is counted by glibc 2.33 or later.");

    public static long Bytes()
    {
        var info = mallinfo2();
        return (long)(info.InBlocks + info.Mapped);
    }

    [DllImport("libc.so.6")]
    private static extern MallInfo mallinfo2();

    /// <summary>As glibc declares it: ten numbers.</summary>
    [StructLayout(LayoutKind.Sequential, Size = 10 * 8)]
    private readonly struct MallInfo
    {
        private readonly nuint _arena;
        private readonly nuint _free;
        private readonly nuint _freeSmall;
        private readonly nuint _maps;
        public readonly nuint Mapped;
        private readonly nuint _unused;
        private readonly nuint _small;
        public readonly nuint InBlocks;
    }
}
