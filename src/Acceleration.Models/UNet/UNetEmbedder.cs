using static TorchSharp.torch;

namespace Acceleration.Models;

/// <summary>Two linear layers with an activation between them.</summary>
/// <param name="First">[width, inputs].</param>
/// <param name="Second">[width, width].</param>
/// <param name="Activation">Between them.</param>
internal sealed record UNetEmbedder(Linear First, Linear Second, Activation Activation)
{
    public static UNetEmbedder Read(IWeightSource weights, string name, long inputs, long width, Activation activation) =>
        new(Linear.Read(weights, name + ".linear_1", inputs, width), Linear.Read(weights, name + ".linear_2", width, width), activation);

    /// <summary>[rows, inputs] to [rows, width].</summary>
    public Tensor Apply(Tensor x)
    {
        using var hidden = First.Apply(x);
        using var active = Activation.Apply(hidden);
        return Second.Apply(active);
    }
}
