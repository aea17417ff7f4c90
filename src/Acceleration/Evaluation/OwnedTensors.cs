using static TorchSharp.torch;

namespace Acceleration;

/// <summary>The members of a value that were made on the way to it: those that may be disposed once no later value hands them on.</summary>
internal readonly struct OwnedTensors(Tensor? main, Tensor? text, Tensor? joint)
{
    private readonly Tensor? main = main;
    private readonly Tensor? text = text;
    private readonly Tensor? joint = joint;

    /// <summary>Disposes what <paramref name="next"/> does not hand on. Returns what of it is owned: <paramref name="made"/> and what was handed on.</summary>
    public OwnedTensors PassTo(Value next, OwnedTensors made)
    {
        Release(main, next);
        Release(text, next);
        Release(joint, next);
        return new(made.main ?? Owned(next.Main), made.text ?? Owned(next.Text), made.joint ?? Owned(next.JointForm));
    }

    private static void Release(Tensor? tensor, Value next)
    {
        if (tensor is not null && !next.Holds(tensor))
        {
            tensor.Dispose();
        }
    }

    private Tensor? Owned(Tensor? tensor) =>
        ReferenceEquals(tensor, main) || ReferenceEquals(tensor, text) || ReferenceEquals(tensor, joint) ? tensor : null;
}
