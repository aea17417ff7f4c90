using static TorchSharp.torch;

namespace Acceleration;

/// <summary>
/// An approximation in one request, stream by stream. Quantities are applied outside: it sees outputs, or residuals. In a step each row is either computed, and then given to <see cref="Observe"/>, or skipped, and then made by
/// <see cref="Make"/> if <see cref="Depth"/> is not 0. Both may come in one step, for different rows.
/// </summary>
public interface IHowRun
{
    /// <summary>How many entries of a row can be used; 0 where it must be computed.</summary>
    /// <param name="key">That of <see cref="HowCall.Key"/> without a suffix.</param>
    /// <param name="row">The row.</param>
    int Depth(StoreKey key, RowId row);

    /// <summary>Remembers what was computed.</summary>
    /// <param name="call">The call; the key under which to remember is <see cref="HowCall.Key"/>.</param>
    /// <param name="rows">The computed rows.</param>
    /// <param name="kept">Their outputs, or residuals: dimension 0 is rows, or rows × frames.</param>
    void Observe(in HowCall call, RowSet rows, Tensor kept);

    /// <summary>Makes up what is skipped. It belongs to the caller's dispose scope.</summary>
    /// <param name="call">The call.</param>
    /// <param name="rows">The skipped rows: all of them have a <see cref="Depth"/>, not always the same one, nor from the same step.</param>
    /// <returns>Of the shape and type of what was kept.</returns>
    Tensor Make(in HowCall call, RowSet rows);

    /// <summary>Sees what it made up, once that has taken its place: for histories in which it counts.</summary>
    void ObserveMade(in HowCall call, RowSet rows, Tensor made)
    {
    }
}
