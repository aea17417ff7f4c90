using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace Acceleration;

/// <summary>Makes tensors from the bytes of a mapped file, without copying where alignment allows.</summary>
internal static class MappedTensor
{
    // A span cannot be longer than 2 GB; a tensor can.
    private const int CopiedAtOnce = 1 << 24;

    // libtorch keeps the function pointer until the last tensor dies, so the delegate must never be collected.
    private static readonly Deleter ReturnLoan = FileMapping.Return;

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate void Deleter(nint data);

    public static Tensor Read(FileMapping mapping, long offset, TensorEntry entry)
    {
        long[] shape = [.. entry.Shape];
        if (entry.Bytes == 0)
        {
            return empty(shape, entry.DType, CPU);
        }

        // The mapping begins on a page, so an offset is aligned in memory exactly when it is aligned in the file.
        return offset % SafetensorsDType.SizeOf(entry.DType) == 0
            ? View(mapping, offset, entry.DType, shape)
            : Copy(mapping, offset, entry, shape);
    }

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

    private static Tensor Copy(FileMapping mapping, long offset, TensorEntry entry, long[] shape)
    {
        using var source = View(mapping, offset, ScalarType.Byte, [entry.Bytes]);
        var copy = empty(shape, entry.DType, CPU);
        using var target = copy.view(-1);
        var size = SafetensorsDType.SizeOf(entry.DType);
        var step = CopiedAtOnce / size;
        for (long first = 0, count = entry.Bytes / size; first < count; first += step)
        {
            var length = Math.Min(step, count - first);
            using var from = source.narrow(0, first * size, length * size);
            using var to = target.narrow(0, first, length);
            from.bytes.CopyTo(to.bytes);
        }

        return copy;
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
