using System.Runtime.InteropServices;

namespace Acceleration.Tool;

/// <summary>What this system lacks that libtorch needs, or is slower without. Nothing here loads libtorch.</summary>
internal static class PlatformLines
{
    /// <summary>What TorchSharp's Linux library is linked with.</summary>
    private static readonly Version OldestGlibc = new(2, 34);

    private static readonly string[] Built = ["linux-x64", "osx-arm64", "win-x64"];

    public static IEnumerable<DoctorLine> Of(Platform platform)
    {
        yield return Built.Contains(platform.Name)
            ? new("platform", platform.Name)
            : new("platform", $"{platform.Name}: libtorch is not built for it", Elsewhere(platform), Missing: true);
        if (platform is { System: "linux", Musl: false })
        {
            yield return platform.Glibc is not { } glibc ? new("C library", "not glibc", "use a system with glibc, such as Debian, Ubuntu or Fedora: libtorch is built for it alone", Missing: true)
                : glibc < OldestGlibc ? new("C library", $"glibc {glibc}: libtorch needs {OldestGlibc}", $"use a system with glibc {OldestGlibc} or newer, such as Debian 12, Ubuntu 22.04 or RHEL 9", Missing: true)
                : new("C library", $"glibc {glibc}");
        }

        if (platform is { Architecture: Architecture.X64, Avx2: false })
        {
            yield return new("AVX2", "this processor has none, or a virtual machine hides it", "give the virtual machine the processor's own instruction set: without AVX2 libtorch computes several times slower");
        }
    }

    private static string Elsewhere(Platform platform) => platform switch
    {
        { Musl: true } => "use an image with glibc, such as Debian or Ubuntu, instead of Alpine",
        { System: "win", Architecture: Architecture.Arm64 } or { Architecture: Architecture.X86 } => "install the x64 .NET and run the x64 program",
        { System: "osx" } => "libtorch has left Intel Macs: use a Mac with Apple silicon, Linux or Windows",
        _ => $"run it on one of {string.Join(", ", Built)}",
    };
}
