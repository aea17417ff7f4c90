namespace Acceleration;

/// <summary>
/// What attention by a pattern has in common: where it works, and where attention stays dense. Guards are for the steps and blocks that decide the layout of a picture; published methods name
/// noise levels rather than step numbers, so that the rule survives another number of steps.
/// </summary>
public abstract record SparseAttention : IStrategy
{
    /// <summary>First steps of a stage that stay dense.</summary>
    [InTag("w")]
    [AtLeast(0)]
    public int Warmup { get; init => field = Require.AtLeast(0, value); }

    /// <summary>First blocks that stay dense.</summary>
    [InTag("b")]
    [AtLeast(0)]
    public int DenseBlocks { get; init => field = Require.AtLeast(0, value); }

    /// <summary>Noise levels σ/(α + σ) above this stay dense, 0 to 1; 1 makes none dense.</summary>
    [InTag("n")]
    [Within(0, 1)]
    public double DenseAbove { get; init => field = Require.Within(0.0, 1, value); } = 1;

    /// <summary>
    /// Fewest image tokens for which the pattern is used: below, dense attention is faster. Null measures the number once per process, for the pattern, head size, type and device; what was
    /// measured is in the trace. Set it where two processes must compute the same.
    /// </summary>
    [InTag("x")]
    [AtLeast(0)]
    public int? Crossover { get; init => field = Require.AtLeast(0, value); }

    /// <inheritdoc/>
    public string Tag => PlanTag.Of(this);

    /// <inheritdoc/>
    public Requirements Needs => new() { Sites = [new(Where.Attention, HookPhase.Attention)], Advise = info => Advice(info.Network) };

    /// <summary>Which keys queries see on a layout.</summary>
    public abstract IAttentionPattern Pattern(TokenLayout layout);

    /// <inheritdoc/>
    public IRun Begin(RunInfo info, RunStore store) => new SparseAttentionRun(this, store);

    /// <summary>Why attention is dense here by a guard, or null.</summary>
    internal string? Guard(StepInfo step, Site site)
    {
        if (step.Index < Warmup)
        {
            return $"one of the first {Warmup} steps";
        }

        if (site.Block < DenseBlocks)
        {
            return $"one of the first {DenseBlocks} blocks";
        }

        var level = step.At.Sigma / (step.At.Alpha + step.At.Sigma);
        return level > DenseAbove ? FormattableString.Invariant($"noise level {level:0.###} above {DenseAbove:0.###}") : null;
    }

    private string? Advice(DenoiserInfo network)
    {
        var layout = network.Layout(network.SampleSize);
        var density = new GroupedPlan(Pattern(layout), TokenGrid.Of(layout)).Density;
        return density >= 1 ? $"the pattern covers all of {layout.Frames} × {layout.Height} × {layout.Width} tokens, so attention stays dense; smaller groups would leave something out."
            : layout.Patches < Crossover ? $"attention stays dense at {layout.Patches} tokens, below the crossover of {Crossover}."
            : null;
    }
}
