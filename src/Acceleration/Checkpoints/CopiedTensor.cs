using Microsoft.Win32.SafeHandles;
using static TorchSharp.torch;

namespace Acceleration;

/// <summary>Reads tensors into memory of their own, converting on the way.</summary>
internal static class CopiedTensor
{
    // A span cannot be longer than 2 GB; a tensor can. What is converted needs this much besides: less than most weights, for in the hole that a larger piece leaves, the next weight does not fit, and the memory is lost.
    private const int CopiedAtOnce = 1 << 20;

    public static Tensor Read(SafeFileHandle handle, string file, long offset, TensorEntry entry, ScalarType type, Device device)
    {
        var copy = empty([.. entry.Shape], type, device);
        try
        {
            if (entry.Bytes > 0 && HasValues(copy))
            {
                Fill(copy, handle, file, offset, entry);
            }

            return copy;
        }
        catch
        {
            copy.Dispose();
            throw;
        }
    }

    /// <summary>Reads into a tensor of the entry's shape.</summary>
    public static void Into(Tensor target, SafeFileHandle handle, string file, long offset, TensorEntry entry)
    {
        RequireShape(target, entry.Shape, entry.Name);
        if (entry.Bytes == 0 || !HasValues(target))
        {
            return;
        }

        if (target.is_contiguous())
        {
            Fill(target, handle, file, offset, entry);
            return;
        }

        using var copy = Read(handle, file, offset, entry, target.dtype, target.device);
        target.copy_(copy);
    }

    public static void RequireShape(Tensor target, IReadOnlyList<long> shape, string name)
    {
        if (!shape.SequenceEqual(target.shape))
        {
            throw new ArgumentException($"Tensor '{CheckpointException.Shorten(name)}' is [{string.Join(", ", shape)}] and cannot be read into one of [{string.Join(", ", target.shape)}].", nameof(target));
        }
    }

    /// <summary>False of the meta device, on which a network is its shapes alone: nothing is read for it.</summary>
    private static bool HasValues(Tensor target) => target.device_type != TorchSharp.DeviceType.META;

    private static void Fill(Tensor copy, SafeFileHandle handle, string file, long offset, TensorEntry entry)
    {
        var size = SafetensorsDType.SizeOf(entry.DType);
        var count = entry.Bytes / size;
        var step = Math.Min(CopiedAtOnce / size, count);
        using var target = copy.view(-1);
        using var read = copy.dtype == entry.DType && copy.device_type == TorchSharp.DeviceType.CPU ? null : empty([step], entry.DType, CPU);
        for (long first = 0; first < count; first += step)
        {
            var length = Math.Min(step, count - first);
            using var to = target.narrow(0, first, length);
            using var from = read?.narrow(0, 0, length);
            var bytes = (from ?? to).bytes;
            ReadAt.Exactly(handle, bytes, offset + (first * size), file, entry.Name);
            TruthValues.Require(bytes, file, entry);
            if (from is not null)
            {
                to.copy_(from);
            }
        }
    }
}
