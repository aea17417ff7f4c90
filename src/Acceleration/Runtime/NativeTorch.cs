using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using TorchSharp;

namespace Acceleration;

/// <summary>Loads TorchSharp's native library, or says why that fails: TorchSharp itself says of every failure that a package is missing.</summary>
internal static class NativeTorch
{
    /// <summary>Returns once libtorch is loaded.</summary>
    /// <exception cref="TorchLoadException">It does not load.</exception>
    public static void Require()
    {
        try
        {
            Touch();
        }
        catch (Exception e) when (e is TypeInitializationException or DllNotFoundException or BadImageFormatException or NotSupportedException)
        {
            throw new TorchLoadException(OfLoader() ?? e);
        }
    }

    /// <summary>What the system's loader says of TorchSharp's library; null where it loads.</summary>
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

    // On its own, so that a library that does not load fails inside the try.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Touch() => torch.InitializeDeviceType(DeviceType.CPU);
}
