namespace Acceleration;

/// <summary>
/// SADA's approximation (Jiang et al., 2025, arXiv 2507.17135): the clean sample that the newest output stands for at latents extrapolated from the last gradients; for a flow, the line through its last two outputs. From
/// <see cref="LagrangeFrom"/> on, the polynomial through clean samples of every n-th step.
/// </summary>
[Entry("adamsMoulton", "adams")]
public sealed record AdamsMoulton : IHow
{
    /// <summary>Step after which clean samples are interpolated; null for never.</summary>
    [InTag("l")]
    [AtLeast(0)]
    public int? LagrangeFrom { get; init => field = Require.AtLeast(0, value); }

    /// <summary>Distance of the steps whose clean samples are kept: 1, n + 1, 2·n + 1, ...</summary>
    [InTag("e")]
    [AtLeast(1)]
    public int LagrangeEvery { get; init => field = Require.AtLeast(1, value); } = 4;

    /// <summary>Most clean samples that are kept, and one more than the degree. Published: 4, 3 (FLUX.1), 2 in runs of 25 steps or fewer.</summary>
    [InTag("n")]
    [Within(1, 5)]
    public int LagrangeTerms { get; init => field = Require.Within(1, 5, value); } = 4;

    /// <summary>Over what they are interpolated.</summary>
    [InTag]
    public Abscissa Over { get; init; } = Abscissa.Step;

    /// <summary>Whether it extrapolates as the released code does: weights 5/8, 3/4, −3/8 over one training step; on a flow over the last two steps, computed or not, and never by clean samples.</summary>
    [InTag("p")]
    public bool Published { get; init; }

    /// <inheritdoc/>
    public string Tag => PlanTag.Of(this);

    /// <inheritdoc/>
    public Quantity Quantity => Quantity.Output;

    /// <inheritdoc/>
    public string? Refuse(RunInfo info, Site site)
    {
        ArgumentNullException.ThrowIfNull(info);
        ArgumentNullException.ThrowIfNull(site);
        return site.Kind != SiteKind.Prediction ? $"latents are extrapolated at the guided prediction, which '{site}' is not; place it at {Where.Prediction.Tag}." : new Stability { Published = Published }.Refuse(info);
    }

    /// <inheritdoc/>
    public IHowRun Begin(RunInfo info, RunStore store) => new AdamsMoultonRun(this, info, store);
}
