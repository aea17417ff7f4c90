using static TorchSharp.torch;

namespace Acceleration;

/// <summary>
/// An approximation that goes on from a state which every computed step advances: state ← <see cref="Next"/>, and in skipped steps <see cref="Make"/>. For averages over all that was computed, where an <see cref="IForecast"/>
/// rests on a few entries. Of each row and stream the last computed value and the state are remembered; there is a state from the second computed step on, and where a budget took it a new one begins. Rows computed in other steps
/// are kept apart, so that both are asked for one distance at a time.
/// </summary>
public abstract record Recurrence : IHow
{
    /// <inheritdoc/>
    [InTag]
    public Quantity Quantity { get; init; }

    /// <summary>Over what distances are taken.</summary>
    [InTag]
    public Abscissa Over { get; init; } = Abscissa.Step;

    /// <inheritdoc/>
    public virtual string Tag => PlanTag.Of(this);

    int IHow.Entries => 2;

    /// <summary>The state after a computed step.</summary>
    /// <param name="state">The state before, [rows × fold, ...] as it was returned; null where it begins.</param>
    /// <param name="last">The computed value before, [rows × fold, ...].</param>
    /// <param name="now">The new one.</param>
    /// <param name="distance">From the one to the other; never 0, negative where the abscissa falls, as time does.</param>
    /// <returns>Dimension 0 as that of <paramref name="now"/>, of any type.</returns>
    public abstract Tensor Next(Tensor? state, Tensor last, Tensor now, double distance);

    /// <summary>The value of a skipped step; it gets the type of the last computed one.</summary>
    /// <param name="state">The state.</param>
    /// <param name="last">The last computed value.</param>
    /// <param name="distance">From there to the present step.</param>
    public abstract Tensor Make(Tensor state, Tensor last, double distance);

    /// <inheritdoc/>
    public IHowRun Begin(RunInfo info, RunStore store) => new RecurrenceRun(this, store);
}
