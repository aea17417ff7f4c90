using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Acceleration.Models;

/// <summary>Three convolutions added to their input.</summary>
internal sealed record TinyBlock(Conv2d First, Conv2d Second, Conv2d Third, Activation Activation)
{
    public static TinyBlock Read(IWeightSource weights, string name, int width, Activation activation, ScalarType dtype) => new(
        Conv2d.Read(weights, name + ".conv.0", width, width, dtype: dtype),
        Conv2d.Read(weights, name + ".conv.2", width, width, dtype: dtype),
        Conv2d.Read(weights, name + ".conv.4", width, width, dtype: dtype),
        activation);

    /// <summary>relu(x + convolutions of x), in the type of the weights.</summary>
    public Tensor Apply(Tensor x)
    {
        using var scope = NewDisposeScope();
        using var first = First.Apply(x);
        using var second = Second.Apply(Activation.Apply(first));
        var sum = Third.Apply(Activation.Apply(second)).Increase(x);
        return functional.relu(sum).MoveToOuterDisposeScope();
    }
}
