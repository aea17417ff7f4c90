using static TorchSharp.torch;

namespace Acceleration.Models;

/// <summary>Two convolutions with norm and Mish beside a shortcut; between them the condition scales and shifts (Perez et al., "FiLM", arXiv:1709.07871).</summary>
/// <param name="First">First convolution and its norm.</param>
/// <param name="Second">Second convolution and its norm.</param>
/// <param name="Shortcut">Where the number of channels changes.</param>
/// <param name="At">Where its part of the modulation of all blocks begins.</param>
/// <param name="Width">Channels of its output.</param>
/// <param name="Scales">Whether its part has scales before the shifts.</param>
/// <param name="Residual">Type of the stream.</param>
internal sealed record PolicyResidual((Conv1d Conv, GroupNorm Norm) First, (Conv1d Conv, GroupNorm Norm) Second, Conv1d? Shortcut, long At, long Width, bool Scales, ScalarType Residual)
{
    /// <summary>Multiply-adds of one step, its modulation apart.</summary>
    public double MultiplyAdds => First.Conv.MultiplyAdds + Second.Conv.MultiplyAdds + (Shortcut?.MultiplyAdds ?? 0);

    /// <summary>Numbers of the modulation that it reads.</summary>
    public long Parts => Scales ? 2 * Width : Width;

    /// <param name="x">[rows, channels, steps].</param>
    /// <param name="modulation">[rows, parts of all blocks, 1], with the rows of <paramref name="x"/>.</param>
    /// <returns>[rows, width, steps], a new tensor.</returns>
    public Tensor Apply(Tensor x, Tensor modulation)
    {
        using var scope = NewDisposeScope();
        var h = Convolved(First, x);
        h = Scales
            ? h.mul_(modulation.narrow(1, At, Width)).Increase(modulation.narrow(1, At + Width, Width))
            : h.Increase(modulation.narrow(1, At, Width));
        return Convolved(Second, h).Increase(Shortcut is null ? x : Shortcut.Apply(x, Residual)).MoveToOuterDisposeScope();
    }

    public Tensor Convolved((Conv1d Conv, GroupNorm Norm) part, Tensor x)
    {
        using var convolved = part.Conv.Apply(x, Residual);
        using var normalised = part.Norm.Apply(convolved);
        return Activation.Mish.Apply(normalised);
    }
}
