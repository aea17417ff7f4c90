using Acceleration.Tests.Toys;
using static TorchSharp.torch;

namespace Acceleration.Tests.Guidance;

/// <summary>Branches whose outputs stand at a given angle, whatever the latents.</summary>
internal static class TurnedBranches
{
    /// <summary>Rows by the label of their condition.</summary>
    public static Tensor Of(Tensor x, Conditioning condition, double angle) =>
        where(Toy.PerRow(condition["labels"].eq(Toy.Classes), x), Of(x, true, angle), Of(x, false, angle));

    /// <summary>A fixed direction for the condition, and one at an angle to it.</summary>
    public static Tensor Of(Tensor x, bool unconditional, double angle)
    {
        var direction = zeros_like(x);
        direction[TensorIndex.Colon, 0, 0, 0] = unconditional ? Math.Cos(angle) : 1;
        direction[TensorIndex.Colon, 0, 0, 1] = unconditional ? Math.Sin(angle) : 0;
        return direction;
    }
}
