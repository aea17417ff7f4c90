using System.Runtime.InteropServices;

namespace Acceleration.Onnx;

/// <summary>A second name for a file, or a copy where there cannot be one.</summary>
internal static partial class FileLink
{
    public static void Make(string from, string to)
    {
        var made = OperatingSystem.IsWindows() ? CreateHardLink(to, from, 0) : Link(from, to) == 0;
        if (!made)
        {
            File.Copy(from, to, overwrite: true);
        }
    }

    [LibraryImport("libc", EntryPoint = "link", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Link(string from, string to);

    [LibraryImport("kernel32", EntryPoint = "CreateHardLinkW", StringMarshalling = StringMarshalling.Utf16)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool CreateHardLink(string to, string from, nint security);
}
