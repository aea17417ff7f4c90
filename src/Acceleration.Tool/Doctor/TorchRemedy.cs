using System.Runtime.InteropServices;
using TorchSharp;

namespace Acceleration.Tool;

/// <summary>Why libtorch does not load, and the command that helps.</summary>
internal static class TorchRemedy
{
    /// <summary>The C++ library that TorchSharp's Linux build asks for.</summary>
    private const string NewLibrary = "GLIBCXX_";

    public static DoctorLine For(Exception e)
    {
        var text = Flatten(e);
        if (text.Contains(NewLibrary, StringComparison.Ordinal))
        {
            return new(
                "libtorch",
                "does not load: this system's libstdc++ is older than TorchSharp asks for (gcc 13)",
                "build the program anew with the package Acceleration and without AccelerationGlibcxxCompat=false, which makes TorchSharp's library load with the old one; or install a newer libstdc++ ('apt install libstdc++6' of Debian 13 or Ubuntu 24.04)",
                Missing: true);
        }

        if (e is BadImageFormatException || text.Contains("wrong ELF class", StringComparison.Ordinal))
        {
            return new("libtorch", $"does not load: it is built for another processor than this {RuntimeInformation.ProcessArchitecture}", $"dotnet build -r {RuntimeInformation.RuntimeIdentifier}", Missing: true);
        }

        return new("libtorch", $"does not load: {ErrorLine.Single(text)}", $"dotnet add package {Package}", Missing: true);
    }

    /// <summary>What the system's loader says of TorchSharp's library; TorchSharp itself says of every failure that a package is missing.</summary>
    public static Exception? OfLoader()
    {
        try
        {
            NativeLibrary.Load("LibTorchSharp", typeof(torch).Assembly, null);
            return null;
        }
        catch (Exception e) when (e is DllNotFoundException or BadImageFormatException)
        {
            return e;
        }
    }

    private static string Package => OperatingSystem.IsLinux() ? "libtorch-cpu-linux-x64" : OperatingSystem.IsMacOS() ? "libtorch-cpu-osx-arm64" : "libtorch-cpu-win-x64";

    private static string Flatten(Exception e) => e.InnerException is null ? e.Message : $"{e.Message} {Flatten(e.InnerException)}";
}
