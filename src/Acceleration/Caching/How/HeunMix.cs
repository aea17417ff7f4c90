namespace Acceleration;

/// <summary>
/// FoCa's forecast (arXiv 2508.16211), in the form of cache-dit: the last computed value, continued with the mean of two slopes, that between the last two computed values and that between the last two values at all,
/// computed or made up. Further ahead than <see cref="Reach"/> steps what is added shrinks with the distance. Exact for lines within its reach. Keeps four tensors.
/// </summary>
/// <param name="Quantity">Output, or output − input.</param>
/// <param name="Reach">Steps since the last computed one beyond which it holds back, at least 1. Published: 3.</param>
[Entry("heunMix", "heun")]
public sealed record HeunMix(Quantity Quantity, int Reach = 3) : IHow
{
    /// <inheritdoc/>
    [InTag]
    public Quantity Quantity { get; init; } = Quantity;

    /// <summary>Over what slopes are taken; published: steps.</summary>
    [InTag]
    public Abscissa Over { get; init; } = Abscissa.Step;

    /// <summary>Steps since the last computed one beyond which it holds back.</summary>
    [InTag("r")]
    [AtLeast(1)]
    public int Reach { get; init => field = Require.AtLeast(1, value); } = Require.AtLeast(1, Reach, nameof(Reach));

    /// <summary>Whether differences are taken for slopes whatever lies between their two values, as published: between computed steps several times too steep.</summary>
    [InTag("u")]
    public bool Undivided { get; init; }

    /// <inheritdoc/>
    public string Tag => PlanTag.Of(this);

    int IHow.Entries => 2;

    /// <inheritdoc/>
    public IHowRun Begin(RunInfo info, RunStore store) => new HeunMixRun(this, store);

    /// <summary>What the difference of two values is multiplied by.</summary>
    /// <param name="now">Abscissa of the newer one.</param>
    /// <param name="before">Abscissa of the older one.</param>
    /// <param name="distance">Distance of the forecast from the last computed value.</param>
    /// <param name="steps">The same in steps.</param>
    internal double Factor(double now, double before, double distance, int steps)
    {
        // Published: half of the steps up to the reach; beyond, reach/steps of what it was there.
        var half = steps <= Reach ? 0.5 : 0.5 * Reach * Reach / ((double)steps * steps);

        // Solvers that ask twice at one time know no slope there.
        return Undivided ? half * steps : now == before ? 0 : half * distance / (now - before);
    }
}
