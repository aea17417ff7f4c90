using static TorchSharp.torch;

namespace Acceleration;

/// <summary>A tensor outside any dispose scope, shared by the stores that remember it and released with the last of them.</summary>
internal sealed class SharedTensor
{
    private readonly Tensor _alias;
    private int _owners = 1;

    public SharedTensor(Tensor value)
    {
        // A strided or broadcast view is made its own. A contiguous one shares memory with the tensor it was taken of, which stays alive with it.
        _alias = value.is_contiguous() && value.numel() > 0 ? value.alias() : value.clone();
        _alias.DetachFromDisposeScope();
    }

    public Tensor Value => _alias;

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
}
