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
        if (!value.is_contiguous() || value.numel() == 0)
        {
            return false;
        }

        var held = THSStorage_nbytes(value.Handle);
        CheckForErrors();
        return (long)held == BytesOf(value);
    }

    // Tensor.storage<T>() would convert types other than T.
    [DllImport("LibTorchSharp")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.AssemblyDirectory | DllImportSearchPath.SafeDirectories)]
    private static extern nuint THSStorage_nbytes(nint tensor);
}
