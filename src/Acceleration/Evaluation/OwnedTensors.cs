using static TorchSharp.torch;

namespace Acceleration;

/// <summary>The members of a value that were made on the way to it: those that may be disposed once no later value hands them on.</summary>
internal readonly struct OwnedTensors(Tensor? main, Tensor? text, Tensor? joint)
{
    private readonly Tensor? _main = main;
    private readonly Tensor? _text = text;
    private readonly Tensor? _joint = joint;

    /// <summary>Disposes what <paramref name="next"/> does not hand on. Returns what of it is owned: <paramref name="made"/> and what was handed on.</summary>
    public OwnedTensors PassTo(Value next, OwnedTensors made)
    {
        Release(_main, next);
        Release(_text, next);
        Release(_joint, next);
        return new(made._main ?? Owned(next.Main), made._text ?? Owned(next.Text), made._joint ?? Owned(next.JointForm));
    }

    private static void Release(Tensor? tensor, Value next)
    {
        if (tensor is not null && !next.Holds(tensor))
        {
            tensor.Dispose();
        }
    }

    private Tensor? Owned(Tensor? tensor) =>
        ReferenceEquals(tensor, _main) || ReferenceEquals(tensor, _text) || ReferenceEquals(tensor, _joint) ? tensor : null;
}
