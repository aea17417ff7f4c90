namespace Acceleration;

/// <summary>Solvers in λ = ln(α/σ) by name. On flow networks they solve on <see cref="FlowMultistepGrid"/>, on others on <see cref="MultistepGrid"/>; any other grid goes with <c>.Solve(new DpmSolver(), grid)</c>.</summary>
public static class MultistepSolverExtensions
{
    // What a flow ends at where a solver cannot go to 0: about the smallest level of variance-preserving training.
    private const double SmallFlowLevel = 0.01;

    /// <summary>
    /// DPM-Solver++ multistep (Lu et al., 2022): <c>.DpmSolver(20, SigmaShape.Karras)</c> is what is called DPM++ 2M Karras. Where few steps are taken, levels that are uniform in log-SNR suit it well:
    /// <c>.Solve(new DpmSolver(), new LogSnrGrid(10))</c>.
    /// </summary>
    /// <param name="builder">The sampler being described.</param>
    /// <param name="steps">Steps, 1..train steps.</param>
    /// <param name="shape">How noise levels are distributed; plain for timesteps evenly spaced. Flows have plain ones.</param>
    /// <param name="order">1 to 3: 2 under guidance, 3 without.</param>
    /// <param name="algorithm">What is taken for a polynomial, and whether noise is drawn.</param>
    /// <param name="shift">Static shift of a flow's levels, as in <see cref="SolverExtensions.FlowEuler"/>; of no meaning on other networks.</param>
    /// <param name="clip">Bounds on the predicted clean sample; null for none.</param>
    /// <exception cref="ArgumentException">A setting does not go with this network.</exception>
    public static SamplerBuilder DpmSolver(
        this SamplerBuilder builder,
        int steps,
        SigmaShape shape = SigmaShape.Plain,
        int order = 2,
        DpmAlgorithm algorithm = DpmAlgorithm.PlusPlus,
        double shift = 1,
        SampleClip? clip = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.Solve(new DpmSolver(order) { Algorithm = algorithm }, Grid(builder, steps, shape, shift, endsClean: algorithm != DpmAlgorithm.StochasticNoise), clip);
    }

    /// <summary>UniPC (Zhao et al., 2023): DPM-Solver++ with a corrector that costs no network call.</summary>
    /// <param name="builder">The sampler being described.</param>
    /// <param name="steps">Steps, 1..train steps.</param>
    /// <param name="shape">How noise levels are distributed; plain for timesteps evenly spaced. Flows have plain ones.</param>
    /// <param name="order">1 to 9: 2 under guidance, 3 without.</param>
    /// <param name="shift">Static shift of a flow's levels, as in <see cref="SolverExtensions.FlowEuler"/> (Wan: 3 to 5); of no meaning on other networks.</param>
    /// <param name="clip">Bounds on the predicted clean sample; null for none.</param>
    /// <exception cref="ArgumentException">A setting does not go with this network.</exception>
    public static SamplerBuilder UniPc(this SamplerBuilder builder, int steps, SigmaShape shape = SigmaShape.Plain, int order = 2, double shift = 1, SampleClip? clip = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.Solve(new UniPc(order), Grid(builder, steps, shape, shift, startsBelow: false), clip);
    }

    /// <summary>DEIS (Zhang and Chen, 2023): the noise as a polynomial in ln(σ/α). Ends at the smallest level instead of 0, as published.</summary>
    /// <param name="builder">The sampler being described.</param>
    /// <param name="steps">Steps, 1..train steps.</param>
    /// <param name="shape">How noise levels are distributed; plain for timesteps evenly spaced. Flows have plain ones.</param>
    /// <param name="order">1 to 3: 2 under guidance, 3 without.</param>
    /// <param name="shift">Static shift of a flow's levels, as in <see cref="SolverExtensions.FlowEuler"/>; of no meaning on other networks.</param>
    /// <param name="clip">Bounds on the predicted clean sample; null for none.</param>
    /// <exception cref="ArgumentException">A setting does not go with this network.</exception>
    public static SamplerBuilder Deis(this SamplerBuilder builder, int steps, SigmaShape shape = SigmaShape.Plain, int order = 2, double shift = 1, SampleClip? clip = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.Solve(new Deis(order), Grid(builder, steps, shape, shift, endsClean: builder.Network.Clock == NetworkClock.Flow), clip);
    }

    /// <summary>DPM-Solver++ singlestep (Lu et al., 2022): groups of calls that keep nothing over from one to the next.</summary>
    /// <param name="builder">The sampler being described.</param>
    /// <param name="steps">Network calls, 1..train steps.</param>
    /// <param name="shape">How noise levels are distributed; plain for timesteps evenly spaced. Flows have plain ones.</param>
    /// <param name="order">Calls of a group, 1 to 3.</param>
    /// <param name="shift">Static shift of a flow's levels, as in <see cref="SolverExtensions.FlowEuler"/>; of no meaning on other networks.</param>
    /// <param name="clip">Bounds on the predicted clean sample; null for none.</param>
    /// <exception cref="ArgumentException">A setting does not go with this network.</exception>
    public static SamplerBuilder DpmSinglestep(this SamplerBuilder builder, int steps, SigmaShape shape = SigmaShape.Plain, int order = 2, double shift = 1, SampleClip? clip = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.Solve(new DpmSinglestep(order), Grid(builder, steps, shape, shift), clip);
    }

    private static IGrid Grid(SamplerBuilder builder, int steps, SigmaShape shape, double shift, bool endsClean = true, bool startsBelow = true)
    {
        var isFlow = builder.Network.Clock == NetworkClock.Flow;
        return isFlow && shape != SigmaShape.Plain ? throw new ArgumentException($"{builder.Network.Name} is a flow network: {shape} levels need their ends, for example .Solve(solver, new FlowMultistepGrid(steps) {{ Shape = ..., Max = ..., Min = ... }}).", nameof(shape))
            : isFlow ? new FlowMultistepGrid(steps, shift) { StartsBelow = startsBelow, To = endsClean ? 0 : SmallFlowLevel }
            : shift != 1 ? throw new ArgumentException($"{builder.Network.Name} is not a flow network: its noise levels have no shift.", nameof(shift))
            : new MultistepGrid(steps) { Shape = shape, EndsClean = endsClean };
    }
}
