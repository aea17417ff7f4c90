using static TorchSharp.torch;

namespace Acceleration;

/// <summary>An approximation in one request, stream by stream. Quantities are applied outside: it sees outputs, or residuals.</summary>
public interface IHowRun
{
    /// <summary>How many entries of a row can be used; 0 where it must be computed.</summary>
    /// <param name="key">That of <see cref="HowCall.Key"/> without a suffix.</param>
    /// <param name="row">The row.</param>
    int Depth(StoreKey key, RowId row);

    /// <summary>Remembers what was computed.</summary>
    void Observe(in HowCall call, RowSet rows, Tensor kept);

    /// <summary>Makes up what is skipped. It belongs to the caller's dispose scope.</summary>
    Tensor Make(in HowCall call, RowSet rows);

    /// <summary>Sees what it made up, once that has taken its place: for histories in which it counts.</summary>
    void ObserveMade(in HowCall call, RowSet rows, Tensor made)
    {
    }
}
