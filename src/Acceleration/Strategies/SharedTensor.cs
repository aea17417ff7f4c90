using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace Acceleration;

/// <summary>
/// A tensor outside any dispose scope, shared by the stores that remember it and released with the last of them. A difference may be remembered as the two tensors that it is of, until it is first asked for: most are superseded before.
/// </summary>
internal sealed class SharedTensor
{
    // Below, a pass over memory is microseconds; above, one more tensor is felt more than the pass.
    private const long SmallestDeferred = 1 << 20;
    private const long LargestDeferred = 16 << 20;

    private readonly Lock _forming = new();
    private Tensor _alias;
    private Tensor? _less;
    private int _owners = 1;

    public SharedTensor(Tensor value)
    {
        _alias = IsWhole(value) ? value.alias() : value.clone();
        _alias.DetachFromDisposeScope();
        Bytes = BytesOf(value);
    }

    private SharedTensor(Tensor value, Tensor less)
        : this(value)
    {
        _less = less.alias().DetachFromDisposeScope();
        Bytes += BytesOf(less);
    }

    public Tensor Value
    {
        get
        {
            lock (_forming)
            {
                if (_less is { } less)
                {
                    using var value = _alias;
                    _alias = (value - less).DetachFromDisposeScope();
                    _less = null;
                    Bytes = BytesOf(_alias);
                    less.Dispose();
                }

                return _alias;
            }
        }
    }

    /// <summary>What it keeps alive: less once a difference has been formed.</summary>
    public long Bytes { get; private set; }

    /// <summary>value − less.</summary>
    public static SharedTensor Difference(Tensor value, Tensor less)
    {
        if (BytesOf(value) is >= SmallestDeferred and <= LargestDeferred && value.dtype == less.dtype && IsWhole(value) && IsWhole(less))
        {
            return new(value, less);
        }

        using var formed = value - less;
        return new(formed);
    }

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
            _less?.Dispose();
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
