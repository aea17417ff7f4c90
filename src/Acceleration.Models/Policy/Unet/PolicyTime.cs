using static TorchSharp.torch;

namespace Acceleration.Models;

/// <summary>Embeds the time: sines, cosines, and two linear layers with Mish between them. Owns its sinusoids.</summary>
internal sealed class PolicyTime(Sinusoids sinusoids, Linear first, Linear second, ScalarType dtype) : IDisposable
{
    public double MultiplyAdds => first.MultiplyAdds + second.MultiplyAdds;

    /// <param name="time">[rows].</param>
    /// <returns>[rows, width].</returns>
    public Tensor Apply(Tensor time)
    {
        using var scope = NewDisposeScope();
        return second.Apply(Activation.Mish.Apply(first.Apply(sinusoids.Apply(time, dtype)))).MoveToOuterDisposeScope();
    }

    public void Dispose() => sinusoids.Dispose();
}
