using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;
using TorchSharp;
using static TorchSharp.torch;

namespace Acceleration.Onnx;

/// <summary>Where libtorch keeps a tensor, for ONNX Runtime to read and write.</summary>
internal static class TensorMemory
{
    private static readonly OrtMemoryInfo Host = OrtMemoryInfo.DefaultInstance;

    /// <summary>Address of the first element. The tensor must be contiguous, and must live as long as the address is used.</summary>
    public static nint Address(Tensor x)
    {
        if (x.device_type == DeviceType.CPU)
        {
            return Address(x.bytes);
        }

        return x.storage<byte>().data_ptr() + (nint)(x.storage_offset() * x.element_size());
    }

    /// <summary>Address of native memory.</summary>
    public static unsafe nint Address(Span<byte> native) => (nint)Unsafe.AsPointer(ref MemoryMarshal.GetReference(native));

    /// <summary>The tensor's memory as ONNX Runtime's value: nothing is copied, and nothing kept alive.</summary>
    public static OrtValue View(Tensor x, long[] shape, nint address, OrtMemoryInfo where) =>
        OrtValue.CreateTensorValueWithData(where, ElementTypes.Onnx(x.dtype), shape, address, x.numel() * x.element_size());

    /// <summary>What ONNX Runtime calls a device's memory; the caller's to dispose unless it is the host's.</summary>
    public static OrtMemoryInfo Info(Device device) => device.type == DeviceType.CUDA
        ? new OrtMemoryInfo("Cuda", OrtAllocatorType.DeviceAllocator, Math.Max(0, device.index), OrtMemType.Default)
        : Host;
}
