using static TorchSharp.torch;

namespace Acceleration;

/// <summary>A tensor outside any dispose scope, shared by the stores that remember it and released with the last of them.</summary>
internal sealed class SharedTensor
{
    private readonly Tensor alias;
    private int owners = 1;

    public SharedTensor(Tensor value)
    {
        // A strided or broadcast view is made its own. A contiguous one shares memory with the tensor it was taken of, which stays alive with it.
        alias = value.is_contiguous() && value.numel() > 0 ? value.alias() : value.clone();
        alias.DetachFromDisposeScope();
    }

    public Tensor Value => alias;

    public SharedTensor Share()
    {
        Interlocked.Increment(ref owners);
        return this;
    }

    public void Release()
    {
        if (Interlocked.Decrement(ref owners) == 0)
        {
            alias.Dispose();
        }
    }
}
