using System.Reflection;
using Acceleration.Reporting;

namespace Acceleration.Tool;

/// <summary>Whether pictures can be written.</summary>
internal static class PictureLines
{
    public static IEnumerable<DoctorLine> Of()
    {
        DoctorLine line;
        try
        {
            var bytes = PngWriter.Encode(PictureGrid.Of(new PictureSet(1, 1, 1, 1, [128]), 1));
            line = new("pictures", $"SkiaSharp {FileVersion()} writes PNG ({bytes.Length} bytes)");
        }
        catch (Exception e) when (e is DllNotFoundException or TypeInitializationException or BadImageFormatException)
        {
            var package = OperatingSystem.IsLinux() ? "SkiaSharp.NativeAssets.Linux.NoDependencies" : OperatingSystem.IsMacOS() ? "SkiaSharp.NativeAssets.macOS" : "SkiaSharp.NativeAssets.Win32";
            line = new("pictures", "SkiaSharp's native part does not load: PNG files cannot be written", $"dotnet add package {package}", Missing: true);
        }

        yield return line;
    }

    /// <summary>The assembly's own version stays the same for all of 2.88.</summary>
    private static string? FileVersion() => typeof(SkiaSharp.SKBitmap).Assembly.GetCustomAttribute<AssemblyFileVersionAttribute>()?.Version;
}
