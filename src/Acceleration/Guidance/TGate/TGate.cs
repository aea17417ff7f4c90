namespace Acceleration;

/// <summary>
/// T-GATE (Zhang et al., 2024, arXiv 2404.02747): what cross-attention adds hardly changes once the layout of a picture is settled. In the step before the gate each cross-attention's output is kept, as the mean of the
/// conditional and the unconditional one; from the gate on it stands for the attention, and only the unconditional (or negative) branch is evaluated, unguided. Self-attention may be left out, too: by intervals, one before the
/// gate and one after it. Works with and without guidance, on networks with cross-attention.
/// </summary>
/// <param name="Gate">First step without cross-attention and guidance, counted in each stage: 10 of 25 as published for Stable Diffusion and SDXL, 15 for PixArt, 1 or 2 of 4 for LCM. Above the number of steps there is no gate.</param>
[Entry("tGate", "TGATE")]
public sealed record TGate(int Gate = 10) : IStrategy
{
    /// <summary>First step without cross-attention and guidance.</summary>
    [InTag]
    [AtLeast(1)]
    public int Gate { get; init => field = Require.AtLeast(1, value); } = Require.AtLeast(1, Gate, nameof(Gate));

    /// <summary>sp: before the gate self-attention is computed in every n-th step; 1 always computes it, as in the first version of the method.</summary>
    [InTag("sp")]
    [AtLeast(1)]
    public int SelfEvery { get; init => field = Require.AtLeast(1, value); } = 5;

    /// <summary>fi: from the gate on self-attention is computed in every n-th step; 1 always computes it.</summary>
    [InTag("fi")]
    [AtLeast(1)]
    public int SelfEveryAfter { get; init => field = Require.AtLeast(1, value); } = 1;

    /// <summary>First steps in which self-attention is computed in any case; the one after them is, too, and is the first to be kept.</summary>
    [InTag("w")]
    [AtLeast(0)]
    public int Warmup { get; init => field = Require.AtLeast(0, value); } = 2;

    /// <inheritdoc/>
    public string Tag => PlanTag.Of(this);

    /// <inheritdoc/>
    public Requirements Needs => new()
    {
        ChoosesBranches = true,
        Sites = SelfEvery > 1 || SelfEveryAfter > 1
            ? [new(Where.CrossAttention, HookPhase.Cache), new(Where.Attention, HookPhase.Cache)]
            : [new(Where.CrossAttention, HookPhase.Cache)],
    };

    /// <inheritdoc/>
    public IRun Begin(RunInfo info, RunStore store) => new TGateRun(this, info.Network, store);

    /// <summary>Whether a step keeps, for steps after it, what the gate needs.</summary>
    internal bool Keeps(StepInfo step) => Gate < step.Count && step.Index >= Gate - 1;

    /// <summary>Whether self-attention is computed in a step before the gate, and kept.</summary>
    internal bool ComputesBefore(int step) => step <= Warmup || step % SelfEvery == 0;

    /// <summary>Whether self-attention is computed in a step from the gate on, and kept.</summary>
    internal bool ComputesAfter(int step) => step % SelfEveryAfter == 0;
}
