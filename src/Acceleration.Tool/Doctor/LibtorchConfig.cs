using System.Runtime.InteropServices;

namespace Acceleration.Tool;

/// <summary>What libtorch says of how it was built and what it uses here. TorchSharp does not bind it, so the library's function is called where its calling convention is known.</summary>
internal static class LibtorchConfig
{
    // std::string at::show_config(): the caller gives room for the string, whose first two words are its characters and their number.
    private const string Function = "_ZN2at11show_configB5cxx11Ev";
    private const int StringBytes = 32;

    private delegate nint ShowConfig(nint room);

    /// <summary>Its lines, or none where it cannot be asked. libtorch must be loaded.</summary>
    public static IReadOnlyList<string> Lines()
    {
        var known = OperatingSystem.IsLinux() && RuntimeInformation.ProcessArchitecture == Architecture.X64;
        if (!known || !NativeLibrary.TryLoad("libtorch_cpu.so", out var library) || !NativeLibrary.TryGetExport(library, Function, out var address))
        {
            return [];
        }

        var room = Marshal.AllocHGlobal(StringBytes);
        try
        {
            // The characters stay allocated: only C++ could free them, and this runs once.
            Marshal.GetDelegateForFunctionPointer<ShowConfig>(address)(room);
            var text = Marshal.PtrToStringUTF8(Marshal.ReadIntPtr(room), (int)Marshal.ReadIntPtr(room, nint.Size));
            return [.. text.Split('\n').Select(l => l.Trim(' ', '-')).Where(l => l.Length > 0)];
        }
        finally
        {
            Marshal.FreeHGlobal(room);
        }
    }

    /// <summary>The first line that begins with a text, without it.</summary>
    public static string? After(this IReadOnlyList<string> lines, string beginning) =>
        lines.FirstOrDefault(l => l.StartsWith(beginning, StringComparison.Ordinal)) is { } line ? line[beginning.Length..].Trim() : null;
}
