using System.Runtime.InteropServices;

namespace Acceleration;

/// <summary>
/// Tells pipes, sockets and devices from files before they are opened: opening a pipe waits for somebody who writes, and a device may do something. Windows opens neither without saying so.
/// </summary>
internal static class SpecialFile
{
    private const int TypeBits = 0xF000;
    private const int Directory = 0x4000;
    private const int Regular = 0x8000;

    // The longest of the structures that are read has 256 bytes.
    private const int StatBytes = 512;
    private const int AtWorkingFolder = -100;
    private const uint OnlyType = 1;

    /// <summary>What lies at a path that is no file or folder, for example <c>a named pipe</c>; null for these, for nothing, and where the system does not tell.</summary>
    /// <param name="path">A path; symbolic links are followed.</param>
    public static string? KindOf(string path) => (Mode(path) & TypeBits) switch
    {
        null or Regular or Directory => null,
        0x1000 => "a named pipe",
        0x2000 or 0x6000 => "a device",
        0xC000 => "a socket",
        _ => "no regular file",
    };

    private static int? Mode(string path)
    {
        if (path.Contains('\0'))
        {
            return null;
        }

        try
        {
            var stat = new byte[StatBytes];
            if (OperatingSystem.IsLinux())
            {
                // stx_mode of struct statx, which is the same on all processors.
                return statx(AtWorkingFolder, path, 0, OnlyType, stat) == 0 ? BitConverter.ToUInt16(stat, 28) : null;
            }

            // st_mode of Darwin's struct stat. The x64 one has another name.
            return OperatingSystem.IsMacOS() && RuntimeInformation.ProcessArchitecture == Architecture.Arm64 && stat_(path, stat) == 0 ? BitConverter.ToUInt16(stat, 4) : null;
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException)
        {
            return null;
        }
    }

    [DllImport("libc.so.6")]
    private static extern int statx(int folder, [MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags, uint mask, byte[] stat);

    [DllImport("libSystem.dylib", EntryPoint = "stat")]
    private static extern int stat_([MarshalAs(UnmanagedType.LPUTF8Str)] string path, byte[] stat);
}
