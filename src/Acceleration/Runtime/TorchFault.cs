using System.Runtime.InteropServices;

namespace Acceleration;

/// <summary>Why libtorch does not load, and what helps.</summary>
/// <param name="Cause">Continues the library's name: <c>does not load: ...</c></param>
/// <param name="Remedy">What to do, a command where one does it.</param>
internal sealed record TorchFault(string Cause, string Remedy)
{
    /// <summary>The C++ library that TorchSharp's Linux build asks for.</summary>
    private const string NewLibrary = "GLIBCXX_";

    public static TorchFault Of(Exception e)
    {
        var text = Flatten(e);
        if (text.Contains(NewLibrary, StringComparison.Ordinal))
        {
            return new(
                $"does not load: this system's libstdc++ is older than TorchSharp asks for ({Version(text)}, gcc 13)",
                "let the build make TorchSharp's library load with the old one. A program that references the package Acceleration does so by itself, unless it says AccelerationGlibcxxCompat=false; one that references the projects adds "
                + "<Import Project=\".../eng/GlibcxxCompat.targets\" /> to its project file, with the path of this repository, and is built anew. Or install a newer libstdc++ ('apt install libstdc++6' of Debian 13 or Ubuntu 24.04)");
        }

        if (e is BadImageFormatException || text.Contains("wrong ELF class", StringComparison.Ordinal))
        {
            return new($"does not load: it is built for another processor than this {RuntimeInformation.ProcessArchitecture}", $"dotnet build -r {RuntimeInformation.RuntimeIdentifier}");
        }

        return new($"does not load: {text.TrimEnd('.', ' ', '\n', '\r')}", $"dotnet add package {Package}");
    }

    private static string Package => OperatingSystem.IsLinux() ? "libtorch-cpu-linux-x64" : OperatingSystem.IsMacOS() ? "libtorch-cpu-osx-arm64" : "libtorch-cpu-win-x64";

    private static string Version(string text)
    {
        var at = text.IndexOf(NewLibrary, StringComparison.Ordinal);
        return NewLibrary + string.Concat(text[(at + NewLibrary.Length)..].TakeWhile(c => char.IsAsciiDigit(c) || c == '.'));
    }

    private static string Flatten(Exception e) => e.InnerException is null ? e.Message : $"{e.Message} {Flatten(e.InnerException)}";
}
