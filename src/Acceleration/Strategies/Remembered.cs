using static TorchSharp.torch;

namespace Acceleration;

/// <summary>Remembered rows.</summary>
/// <param name="Value">The rows in the asked order.</param>
/// <param name="At">Abscissa at which each row was remembered.</param>
public readonly record struct Remembered(Tensor Value, IReadOnlyList<double> At)
{
    /// <summary>The one abscissa where all rows share it, else null.</summary>
    public double? Shared
    {
        get
        {
            var first = At[0];
            return At.All(a => a == first) ? first : null;
        }
    }
}
