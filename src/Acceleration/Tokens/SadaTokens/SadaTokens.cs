namespace Acceleration;

/// <summary>
/// The tokens of SADA (Jiang et al., 2025, arXiv 2507.17135): a block runs on one random token of each cell and on those where the trajectory came out least stable; the others keep what the block made of them when they were last computed.
/// Stacks on <see cref="Sada"/>, whose skipped steps it sees, and works without it.
/// </summary>
/// <param name="CellX">Width of a cell, in tokens. Published: 3.</param>
/// <param name="CellY">Height of a cell, in tokens. Published: 3.</param>
/// <param name="MaxDownsample">Blocks are thinned while one side of their token grid is at most this many times shorter than the latents. Published: 1 (SD 2.1), 2 (SDXL).</param>
/// <param name="Most">Unstable tokens that are computed, beside those of cells. Published, as a bound: 5120 (SD 2.1), 10240 (SDXL).</param>
[Entry("sadaTokens", "SADAT")]
public sealed record SadaTokens(int CellX = 3, int CellY = 3, int MaxDownsample = 1, int Most = 5120) : IStrategy
{
    /// <summary>Width of a cell, in tokens.</summary>
    [InTag("x")]
    [AtLeast(1)]
    public int CellX { get; init => field = Require.AtLeast(1, value); } = Require.AtLeast(1, CellX, nameof(CellX));

    /// <summary>Height of a cell, in tokens.</summary>
    [InTag("y")]
    [AtLeast(1)]
    public int CellY { get; init => field = Require.AtLeast(1, value); } = Require.AtLeast(1, CellY, nameof(CellY));

    /// <summary>How many times shorter than the latents a side of a thinned token grid may be.</summary>
    [InTag("d")]
    [AtLeast(1)]
    public int MaxDownsample { get; init => field = Require.AtLeast(1, value); } = Require.AtLeast(1, MaxDownsample, nameof(MaxDownsample));

    /// <summary>Unstable tokens that are computed.</summary>
    [InTag("n")]
    [AtLeast(0)]
    public int Most { get; init => field = Require.AtLeast(0, value); } = Require.AtLeast(0, Most, nameof(Most));

    /// <summary>First step in which tokens may be left out, at least 3 in effect; null for about a fifth of the steps.</summary>
    [InTag("from")]
    [AtLeast(0)]
    public int? From { get; init => field = Require.AtLeast(0, value); }

    /// <summary>Step from which on none are left out any more; null for the third from the end.</summary>
    [InTag("to")]
    [AtLeast(0)]
    public int? To { get; init => field = Require.AtLeast(0, value); }

    /// <summary>All tokens are computed in one of so many steps, and in the first after a skipped one. Published: 4.</summary>
    [InTag("e")]
    [AtLeast(1)]
    public int Every { get; init => field = Require.AtLeast(1, value); } = 4;

    /// <summary>Whether instability is measured as the released code does: <see cref="Stability.Published"/>.</summary>
    [InTag("p")]
    public bool Published { get; init; }

    /// <summary>Seed of the tokens of cells, which are drawn anew in each step, not from the request's noise.</summary>
    [InTag("seed")]
    [AtLeast(0)]
    public int Seed { get; init => field = Require.AtLeast(0, value); }

    /// <inheritdoc/>
    public string Tag => PlanTag.Of(this);

    /// <inheritdoc/>
    public Requirements Needs => new()
    {
        Sites = [new(Where.Prediction, HookPhase.Tokens), new(Where.Blocks, HookPhase.Tokens)],

        // Rows that a cache skipped in other steps than their neighbours need all of their tokens in other steps; then all rows are given them.
        DependsOnBatch = BatchDependence.WhereSamplesDiffer,
        Refuse = info => new Stability { Published = Published }.Refuse(info),
    };

    /// <inheritdoc/>
    public IRun Begin(RunInfo info, RunStore store) => new SadaTokensRun(this, info, store);

    /// <summary>Whether tokens may be left out in a step.</summary>
    internal bool Acts(StepInfo step) => Stability.Within(step.Index, step.Count, From, To);

    /// <summary>The first such step.</summary>
    internal int FirstOf(StepInfo step) => Stability.First(step.Count, From);
}
