using System.Runtime.InteropServices;

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
                "install a newer libstdc++ ('apt install libstdc++6' of Debian 13 or Ubuntu 24.04), or import eng/GlibcxxCompat.targets in the project, which makes TorchSharp's library load with the old one",
                Missing: true);
        }

        if (e is BadImageFormatException || text.Contains("wrong ELF class", StringComparison.Ordinal))
        {
            return new("libtorch", $"does not load: it is built for another processor than this {RuntimeInformation.ProcessArchitecture}", $"dotnet build -r {RuntimeInformation.RuntimeIdentifier}", Missing: true);
        }

        return new("libtorch", $"does not load: {ErrorLine.Single(text)}", $"dotnet add package {Package}", Missing: true);
    }

    private static string Package => OperatingSystem.IsLinux() ? "libtorch-cpu-linux-x64" : OperatingSystem.IsMacOS() ? "libtorch-cpu-osx-arm64" : "libtorch-cpu-win-x64";

    private static string Flatten(Exception e) => e.InnerException is null ? e.Message : $"{e.Message} {Flatten(e.InnerException)}";
}
