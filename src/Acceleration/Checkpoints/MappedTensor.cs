using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace Acceleration;

/// <summary>Makes tensors over the bytes of a mapped file, without copying.</summary>
internal static class MappedTensor
{
    // libtorch keeps the function pointer until the last tensor dies, so the delegate must never be collected.
    private static readonly Deleter ReturnLoan = FileMapping.Return;

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate void Deleter(nint data);

    /// <summary>A tensor over the bytes from an offset on, which is a multiple of the element size.</summary>
    public static Tensor View(FileMapping mapping, long offset, ScalarType dtype, long[] shape)
    {
        InitializeDeviceType(DeviceType.CPU);
        var count = shape.Aggregate(1L, (product, size) => product * size);
        var address = mapping.Lend(offset);
        nint handle;
        try
        {
            handle = THSTensor_frombuffer(address, ReturnLoan, count, 0, (sbyte)dtype, (sbyte)dtype, (int)DeviceType.CPU, -1, false);
        }
        catch
        {
            FileMapping.Return(address);
            throw;
        }

        if (handle == 0)
        {
            // Whether libtorch ran the deleter is unknown here; a mapping kept too long is the safe side.
            CheckForErrors();
            throw new InvalidOperationException("libtorch made no tensor over the mapped file and reported no error.");
        }

        using var flat = Tensor.UnsafeCreateTensor(handle);
        return flat.view(shape);
    }

    [DllImport("LibTorchSharp")]
    private static extern nint THSTensor_frombuffer(
        nint data,
        Deleter deleter,
        long count,
        nint byteOffset,
        sbyte storedType,
        sbyte type,
        int deviceType,
        int deviceIndex,
        [MarshalAs(UnmanagedType.U1)] bool requiresGrad);
}
