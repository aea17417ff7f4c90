using System.Runtime.InteropServices;
using ProcessorAvx2 = System.Runtime.Intrinsics.X86.Avx2;

namespace Acceleration.Tool;

/// <summary>What libtorch asks of the system it runs on.</summary>
/// <param name="System">linux, osx or win; else whatever the system is called.</param>
/// <param name="Architecture">The process's.</param>
/// <param name="Musl">Whether the C library is musl.</param>
/// <param name="Glibc">Version of glibc, where that is the C library.</param>
/// <param name="Avx2">Whether an x64 processor has AVX2.</param>
internal sealed record Platform(string System, Architecture Architecture, bool Musl = false, Version? Glibc = null, bool Avx2 = true)
{
    /// <summary>As NuGet calls it.</summary>
    public string Name => $"{System}{(Musl ? "-musl" : "")}-{Architecture.ToString().ToLowerInvariant()}";

    /// <summary>This process's.</summary>
    public static Platform Here()
    {
        var architecture = RuntimeInformation.ProcessArchitecture;
        var system = OperatingSystem.IsLinux() ? "linux" : OperatingSystem.IsMacOS() ? "osx" : OperatingSystem.IsWindows() ? "win" : RuntimeInformation.RuntimeIdentifier.Split('-')[0];
        var musl = OperatingSystem.IsLinux() && RuntimeInformation.RuntimeIdentifier.Contains("musl", StringComparison.Ordinal);
        return new(system, architecture, musl, GlibcVersion(), architecture != Architecture.X64 || ProcessorAvx2.IsSupported);
    }

    private static Version? GlibcVersion()
    {
        if (!OperatingSystem.IsLinux())
        {
            return null;
        }

        try
        {
            return Version.TryParse(Marshal.PtrToStringUTF8(gnu_get_libc_version()), out var version) ? version : null;
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException)
        {
            return null;
        }
    }

    [DllImport("libc.so.6")]
    private static extern nint gnu_get_libc_version();
}
