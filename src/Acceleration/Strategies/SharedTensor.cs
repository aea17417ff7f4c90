using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace Acceleration;

/// <summary>A tensor outside any dispose scope, shared by the stores that remember it and released with the last of them.</summary>
internal sealed class SharedTensor
{
    private readonly Tensor _alias;
    private int _owners = 1;

    public SharedTensor(Tensor value)
    {
        _alias = IsWhole(value) ? value.alias() : value.clone();
        _alias.DetachFromDisposeScope();
        Bytes = BytesOf(value);
    }

    public Tensor Value => _alias;

    /// <summary>What it keeps alive.</summary>
    public long Bytes { get; }

    public static long BytesOf(Tensor value) => value.numel() * value.element_size();

    public SharedTensor Share()
    {
        Interlocked.Increment(ref _owners);
        return this;
    }

    public void Release()
    {
        if (Interlocked.Decrement(ref _owners) == 0)
        {
            _alias.Dispose();
        }
    }

    /// <summary>
    /// Whether memory can be shared with <paramref name="value"/>. A strided or broadcast view is made its own, and so is a part of a larger batch, which would keep the whole of it alive.
    /// </summary>
    private static bool IsWhole(Tensor value)
    {
        if (value.numel() == 0 || !(value.is_contiguous() || IsDense(value)))
        {
            return false;
        }

        var held = THSStorage_nbytes(value.Handle);
        CheckForErrors();
        return (long)held == BytesOf(value);
    }

    /// <summary>Whether its dimensions, in some other order, are contiguous: an image whose channels lie side by side is.</summary>
    private static bool IsDense(Tensor value)
    {
        var next = 1L;
        foreach (var (stride, size) in Enumerable.Range(0, (int)value.ndim).Select(d => (Stride: value.stride(d), Size: value.size(d))).Where(d => d.Size > 1).OrderBy(d => d.Stride))
        {
            if (stride != next)
            {
                return false;
            }

            next *= size;
        }

        return true;
    }

    // Tensor.storage<T>() would convert types other than T.
    [DllImport("LibTorchSharp")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.AssemblyDirectory | DllImportSearchPath.SafeDirectories)]
    private static extern nuint THSStorage_nbytes(nint tensor);
}
