using static TorchSharp.torch;

namespace Acceleration;

/// <summary>An approximation that only remembers what was computed: a residual can then wait to be formed until it is asked for.</summary>
internal interface IDifferenceRun : IHowRun
{
    /// <summary>Remembers output − input, as <see cref="IHowRun.Observe"/> would.</summary>
    void Observe(in HowCall call, RowSet rows, Tensor output, Tensor input);
}
