namespace Acceleration;

/// <summary>The rest of a site, as its hook may run it: wholly, on some rows, on some tokens, again, or not at all.</summary>
public abstract class SiteNext
{
    /// <summary>Runs what follows on the whole input.</summary>
    public abstract Value Invoke(Value input);

    /// <summary>Runs what follows on some rows.</summary>
    /// <param name="input">The whole input; the rows are taken here.</param>
    /// <param name="positions">Ascending positions of the rows.</param>
    /// <returns>The output of these rows only.</returns>
    public abstract Value InvokeRows(Value input, int[] positions);

    /// <summary>Runs what follows on some tokens of the main stream.</summary>
    /// <param name="input">The input already reduced to these tokens: taken by <see cref="TokenSelection.Take"/>, or merged.</param>
    /// <param name="tokens">Which tokens they stand for: what per-token inputs are reduced to.</param>
    /// <returns>The output of these tokens only.</returns>
    public abstract Value InvokeTokens(Value input, TokenSelection tokens);

    /// <summary>What skipping the site means: nothing to add (attention, feed-forward), the identity, or the network's own way (resampling blocks).</summary>
    public abstract Value Drop(Value input);

    /// <summary>What skipping means on some rows.</summary>
    /// <inheritdoc cref="InvokeRows"/>
    public abstract Value DropRows(Value input, int[] positions);

    /// <summary>
    /// Remembers what all strategies remember, so that a body can be run a second time: <see cref="StateMark.RollBack"/> before it.
    /// </summary>
    /// <param name="except">The store of the strategy that asks, which keeps its own.</param>
    public abstract StateMark Mark(RunStore? except = null);
}
